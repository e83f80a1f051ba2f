/** Setting a new password with a code that goes to the address of the account. */
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { Refused } from '../shell/async-list.tsx'

export function ResetForm({ done }: { done: () => void }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const ask = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/password-resets', { body: { email } })),
  })
  const id = ask.data?.id
  const reset = useMutation({
    mutationFn: (id: string) =>
      answer(
        api.POST('/api/v1/password-resets/{id}', { params: { path: { id } }, body: { code, password } }),
      ),
    onSuccess: done,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (id === undefined) ask.mutate()
        else reset.mutate(id)
      }}
    >
      <Stack>
        {(ask.error ?? reset.error) && <Refused error={ask.error ?? reset.error ?? new Error()} />}
        {id === undefined ? (
          <TextInput
            label={t('firstVisit.email')}
            autoComplete="email"
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        ) : (
          <>
            <Text size="sm" role="status">
              {t('accounts.resetSent')}
            </Text>
            <TextInput
              label={t('accounts.code')}
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <PasswordInput
              label={t('accounts.newPassword')}
              description={t('accounts.passwordHelp')}
              autoComplete="new-password"
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </>
        )}
        <Button
          type="submit"
          size="md"
          loading={ask.isPending || reset.isPending}
          disabled={id === undefined ? email.trim() === '' : code.trim() === '' || password === ''}
        >
          {id === undefined ? t('accounts.sendCode') : t('accounts.setPassword')}
        </Button>
      </Stack>
    </form>
  )
}
