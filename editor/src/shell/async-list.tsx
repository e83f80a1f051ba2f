/** The four states of anything that is asked from the server: waiting, refused, empty, there. */
import { Alert, Button, Center, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'

interface Answer {
  isPending: boolean
  error: Error | null
  refetch: () => unknown
}

interface AsyncListProps {
  answer: Answer
  isEmpty: boolean
  empty: ReactNode
  children: ReactNode
}

export function AsyncList({ answer, isEmpty, empty, children }: AsyncListProps) {
  if (answer.isPending)
    return (
      <Stack gap="sm" aria-busy>
        {[1, 2, 3].map((row) => (
          <Skeleton key={row} height={56} />
        ))}
      </Stack>
    )
  if (answer.error && isEmpty) return <Refused error={answer.error} retry={answer.refetch} />
  return isEmpty ? empty : children
}

export function Refused({ error, retry }: { error: Error; retry?: () => unknown }) {
  const { t } = useTranslation()
  return (
    <Alert color="red" title={t('common.refused')}>
      <Group justify="space-between">
        <Text size="sm">
          {error.message} {error instanceof ApiError ? error.remedy : ''}
        </Text>
        {retry && (
          <Button variant="default" size="xs" onClick={() => void retry()}>
            {t('common.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}

interface EmptyProps {
  icon: ReactNode
  title: string
  text: string
  action?: ReactNode
}

/** An empty page says what it is for and what to do next. */
export const Empty = ({ icon, title, text, action }: EmptyProps) => (
  <Center py={72}>
    <Stack align="center" gap="sm" maw={460} ta="center">
      <ThemeIcon size={64} radius="xl" variant="light" aria-hidden>
        {icon}
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      <Text c="dimmed">{text}</Text>
      {action}
    </Stack>
  </Center>
)
