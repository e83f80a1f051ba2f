/** Mails that leave the studio: which wait, failed or were given up, and why. */
import { Alert, Badge, Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import {
  mailStates,
  type MailState,
  type OutgoingMail,
  useMailDeed,
  useOutgoingMails,
} from '../api/outgoing-mail-queries.ts'
import { useMember } from '../api/session.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { LostPage } from './lost-page.tsx'

export function OutgoingMailsPage() {
  const { role } = useMember()
  return role === 'super_admin' ? <Mails /> : <LostPage />
}

function Mails() {
  const { t } = useTranslation()
  const [state, setState] = useState<MailState | null>(null)
  const answer = useOutgoingMails(state)
  const mails = answer.data?.pages.flatMap(({ items }) => items) ?? []
  const deed = useMailDeed()
  return (
    <PageFrame
      title={t('outgoingMails.title')}
      size="xl"
      actions={
        <Button component={Link} to="/settings" variant="default">
          {t('mails.toSettings')}
        </Button>
      }
    >
      <Stack gap="md">
        <Text c="dimmed">{t('outgoingMails.text')}</Text>
        <Select
          label={t('outgoingMails.filter')}
          data={mailStates.map((value) => ({ value, label: t(`outgoingMails.states.${value}`) }))}
          placeholder={t('outgoingMails.all')}
          value={state}
          onChange={(value) => setState(mailStates.find((known) => known === value) ?? null)}
          clearable
          maw={240}
        />
        {deed.error && (
          <Alert color="red" title={t('common.refused')}>
            {deed.error.message}
          </Alert>
        )}
        <AsyncList
          answer={answer}
          isEmpty={mails.length === 0}
          empty={<Empty icon={<IconMail size={32} />} title={t('outgoingMails.empty')} text="" />}
        >
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('mails.time')}</Table.Th>
                  <Table.Th>{t('mails.to')}</Table.Th>
                  <Table.Th>{t('mails.subject')}</Table.Th>
                  <Table.Th>{t('outgoingMails.state')}</Table.Th>
                  <Table.Th>{t('common.actions')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {mails.map((mail) => (
                  <Row
                    key={mail.id}
                    mail={mail}
                    busy={deed.isPending}
                    onDeed={(what) => deed.mutate({ id: mail.id, deed: what })}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {answer.hasNextPage && (
            <Button variant="default" onClick={() => void answer.fetchNextPage()}>
              {t('common.more')}
            </Button>
          )}
        </AsyncList>
      </Stack>
    </PageFrame>
  )
}

const colours: Record<MailState, string> = {
  waiting: 'gray',
  failed: 'orange',
  'given-up': 'red',
  sent: 'green',
}

interface RowProps {
  mail: OutgoingMail
  busy: boolean
  onDeed: (deed: 'resend' | 'give-up') => void
}

function Row({ mail, busy, onDeed }: RowProps) {
  const { t } = useTranslation()
  const { date } = useFormat()
  return (
    <Table.Tr>
      <Table.Td>{date(mail.createdAt)}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{mail.to}</Table.Td>
      <Table.Td>{mail.subject}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={colours[mail.state]}>
          {t(`outgoingMails.states.${mail.state}`)}
        </Badge>
        {mail.lastError && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('outgoingMails.said', { count: mail.attempts, error: mail.lastError })}
          </Text>
        )}
        {mail.state === 'failed' && mail.nextAt && (
          <Text size="sm" c="dimmed">
            {t('outgoingMails.next', { time: date(mail.nextAt) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          {mail.state !== 'sent' && (
            <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onDeed('resend')}>
              {t('outgoingMails.resend')}
            </Button>
          )}
          {(mail.state === 'failed' || mail.state === 'waiting') && (
            <Button size="compact-sm" variant="subtle" disabled={busy} onClick={() => onDeed('give-up')}>
              {t('outgoingMails.giveUp')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
