/** The mails that a studio without a mail server keeps, newest first. */
import { Anchor, Button, Table, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMails } from '../api/mail-queries.ts'
import { useMember } from '../api/session.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { LostPage } from './lost-page.tsx'

export function MailsPage() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const { role } = useMember()
  const answer = useMails()
  const mails = answer.data?.items ?? []
  if (role !== 'super_admin') return <LostPage />
  return (
    <PageFrame
      title={t('mails.title')}
      size="md"
      actions={
        <Button component={Link} to="/settings" variant="default">
          {t('mails.toSettings')}
        </Button>
      }
    >
      {answer.data && (
        <Text c="dimmed" mb="md">
          {t('mails.text')}
        </Text>
      )}
      <AsyncList
        answer={answer}
        isEmpty={mails.length === 0}
        empty={
          <Empty icon={<IconMail size={32} />} title={t('mails.emptyTitle')} text={t('mails.emptyText')} />
        }
      >
        <Table highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('mails.time')}</Table.Th>
              <Table.Th>{t('mails.to')}</Table.Th>
              <Table.Th>{t('mails.subject')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mails.map((mail) => (
              <Table.Tr key={mail.id}>
                <Table.Td>{date(mail.receivedAt)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{mail.to.join(', ')}</Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={`/settings/mails/${mail.id}`} fw={600}>
                    {mail.subject || t('mails.noSubject')}
                  </Anchor>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </AsyncList>
    </PageFrame>
  )
}
