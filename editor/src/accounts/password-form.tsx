/** A new password, after the current one was shown; every other sign-in ends. */
import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangePassword } from '../api/profile-queries.ts'
import { Refused } from '../shell/async-list.tsx'

export function PasswordForm() {
  const { t } = useTranslation()
  const [currentPassword, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useChangePassword()
  const toggle = { 'aria-label': t('signIn.showPassword') }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate(
          { currentPassword, password },
          {
            onSuccess: () => {
              setCurrent('')
              setPassword('')
            },
          },
        )
      }}
    >
      <Stack maw={420}>
        {change.error && <Refused error={change.error} />}
        {change.isSuccess && (
          <Alert color="green" role="status">
            {t('accounts.passwordChanged')}
          </Alert>
        )}
        <PasswordInput
          label={t('accounts.currentPassword')}
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          value={currentPassword}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('accounts.newPassword')}
          description={t('accounts.passwordHelp')}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={currentPassword === '' || password === ''}
          >
            {t('accounts.setPassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
