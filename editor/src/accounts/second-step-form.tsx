/** The second step of a sign-in: a code of the app, or a recovery code. */
import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { finishSignIn } from '../api/start-session.ts'
import { Refused } from '../shell/async-list.tsx'

export function SecondStepForm({ ticket }: { ticket: string }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const enter = useMutation({ mutationFn: () => finishSignIn(ticket, code) })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        enter.mutate()
      }}
    >
      <Stack>
        {enter.error && <Refused error={enter.error} />}
        <TextInput
          label={t('accounts.appCode')}
          description={t('accounts.appCodeHelp')}
          autoComplete="one-time-code"
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={enter.isPending} disabled={code.trim() === ''}>
          {t('signIn.enter')}
        </Button>
      </Stack>
    </form>
  )
}
