/** Sign-in; the page that was asked for opens afterwards. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { signIn } from '../api/start-session.ts'
import { Refused } from '../shell/async-list.tsx'
import { Door } from '../shell/door.tsx'

export function SignInPage() {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { loginId: '', password: '' },
    validate: {
      loginId: (value) => (value.trim() === '' ? t('signIn.noLoginId') : null),
      password: (value) => (value === '' ? t('signIn.noPassword') : null),
    },
  })
  const enter = useMutation({
    mutationFn: (values: typeof form.values) => signIn(values.loginId.trim(), values.password),
  })
  return (
    <Door title={t('signIn.title')} text={t('signIn.text')}>
      <form onSubmit={form.onSubmit((values) => enter.mutate(values))} noValidate>
        <Stack>
          {enter.error && <Refused error={enter.error} />}
          <TextInput
            label={t('signIn.loginId')}
            autoComplete="username"
            autoFocus
            {...form.getInputProps('loginId')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={enter.isPending}>
            {t('signIn.enter')}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
