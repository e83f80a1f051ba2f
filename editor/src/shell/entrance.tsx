/** Decides what a visitor sees: the first visit, the sign-in, or the studio. */
import { Button, Center, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import { answer, api } from '../api/client.ts'
import { useSession } from '../api/session.ts'
import { startSession } from '../api/start-session.ts'
import { FirstVisitPage } from '../pages/first-visit-page.tsx'
import { SignInPage } from '../pages/sign-in-page.tsx'
import { WaitingPage } from '../pages/waiting-page.tsx'

export function Entrance() {
  const { t } = useTranslation()
  const state = useSession((session) => session.state)
  const isGuest = useSession((session) => session.state === 'signed-in' && session.member.role === 'guest')
  const opening = useQuery({
    queryKey: ['setup'],
    queryFn: async () => {
      const setup = await answer(api.GET('/api/v1/setup'))
      if (!setup.needsOwner) await startSession()
      return setup
    },
    // The studio may still be starting: keep asking.
    retry: true,
    retryDelay: 1_500,
    staleTime: Infinity,
    gcTime: Infinity,
  })
  const waiting = opening.failureCount > 0
  useEffect(() => {
    document.title = 'DefectStudio'
  }, [])

  if (state === 'signed-in') return isGuest ? <WaitingPage /> : <Outlet />
  if (opening.data?.needsOwner) return <FirstVisitPage needsCode={opening.data.needsCode} />
  if (opening.data && state === 'signed-out') return <SignInPage />
  return (
    <Center h="100vh" component="main">
      <Stack align="center">
        <Loader aria-label={t('common.loading')} />
        {waiting && (
          <>
            <Text role="status">{t('entrance.noAnswer')}</Text>
            <Button variant="default" onClick={() => void opening.refetch()}>
              {t('common.retry')}
            </Button>
          </>
        )}
      </Stack>
    </Center>
  )
}
