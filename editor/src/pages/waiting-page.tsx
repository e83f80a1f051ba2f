/** What somebody sees whose account nobody has approved yet. */
import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { signedIn, useMember } from '../api/session.ts'
import { signOut } from '../api/start-session.ts'
import { Door } from '../shell/door.tsx'

export function WaitingPage() {
  const { t } = useTranslation()
  const member = useMember()
  // An approval ends the sign-in, as every change of role does; the next page asks for the password again.
  const me = useQuery({
    queryKey: ['me'],
    queryFn: () => answer(api.GET('/api/v1/auth/me')),
    refetchInterval: 15_000,
  })
  useEffect(() => {
    if (me.data && me.data.role !== 'guest') signedIn(me.data)
  }, [me.data])
  return (
    <Door title={t('accounts.waitingTitle')} text={t('accounts.waitingText')}>
      <Stack>
        <Text size="sm">
          {member.name} · {member.departmentName}
        </Text>
        <Button variant="default" onClick={() => void signOut()}>
          {t('shell.signOut')}
        </Button>
      </Stack>
    </Door>
  )
}
