/** One kept mail, as plain text whatever it was written as. */
import { Button, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useMail } from '../api/mail-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function MailPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const { date } = useFormat()
  const answer = useMail(id)
  const mail = answer.data
  return (
    <PageFrame
      title={mail?.subject || t('mails.title')}
      size="md"
      actions={
        <Button component={Link} to="/settings/mails" variant="default">
          {t('mails.toList')}
        </Button>
      }
    >
      <AsyncList answer={answer} isEmpty={!mail} empty={null}>
        {mail && (
          <Stack gap="md">
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {t('mails.head', { date: date(mail.receivedAt), from: mail.from, to: mail.to.join(', ') })}
            </Text>
            <Paper withBorder p="md" bg="var(--studio-card)">
              <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{mail.text}</Text>
            </Paper>
          </Stack>
        )}
      </AsyncList>
    </PageFrame>
  )
}
