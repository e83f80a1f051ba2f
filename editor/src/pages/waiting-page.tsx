/** What somebody sees whose account nobody has approved yet. */
import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { refreshToken } from '../api/access-token.ts'
import { answer, api, ApiError } from '../api/client.ts'
import { signedIn, signedOut, useMember } from '../api/session.ts'
import { signOut } from '../api/start-session.ts'
import type { Member } from '../api/types.ts'
import { Door } from '../shell/door.tsx'

/** An approval ends the sign-in, as every change of role does: then the page asks for the password again. */
async function readMe(): Promise<Member | null> {
  const ask = () => answer(api.GET('/api/v1/auth/me'))
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    if (await refreshToken()) return ask()
    signedOut()
    return null
  }
}

export function WaitingPage() {
  const { t } = useTranslation()
  const member = useMember()
  const me = useQuery({ queryKey: ['me'], queryFn: readMe, refetchInterval: 10_000 })
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
