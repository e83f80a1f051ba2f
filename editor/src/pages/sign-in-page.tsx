/** The page before the studio: signing in, asking for an account, setting a new password. */
import { Alert, Anchor, Button, Divider, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ResetForm } from '../accounts/reset-form.tsx'
import { SecondStepForm } from '../accounts/second-step-form.tsx'
import { SignUpForm } from '../accounts/sign-up-form.tsx'
import { answer, api } from '../api/client.ts'
import { signIn } from '../api/start-session.ts'
import { Refused } from '../shell/async-list.tsx'
import { Door } from '../shell/door.tsx'

type View = 'sign-in' | 'sign-up' | 'reset'

export function SignInPage() {
  const { t } = useTranslation()
  const [view, setView] = useState<View>('sign-in')
  const [news, setNews] = useState<'signed-up' | 'reset' | null>(null)
  const options = useQuery({
    queryKey: ['sign-in-options'],
    queryFn: () => answer(api.GET('/api/v1/sign-ups/options')),
    staleTime: 60_000,
  }).data
  const back = (what: typeof news) => {
    setNews(what)
    setView('sign-in')
  }
  if (view !== 'sign-in')
    return (
      <Door
        title={t(view === 'reset' ? 'accounts.resetTitle' : 'accounts.signUpTitle')}
        text={t(view === 'reset' ? 'accounts.resetText' : 'accounts.signUpText')}
      >
        <Stack>
          {view === 'sign-up' && options && <SignUpForm options={options} done={() => back('signed-up')} />}
          {view === 'reset' && <ResetForm done={() => back('reset')} />}
          <Anchor component="button" size="sm" onClick={() => back(null)}>
            {t('accounts.toSignIn')}
          </Anchor>
        </Stack>
      </Door>
    )
  return (
    <Door title={t('signIn.title')} text={t('signIn.text')}>
      <Stack>
        {news && (
          <Alert color="green" role="status">
            {t(news === 'reset' ? 'accounts.resetDone' : 'accounts.signedUp')}
          </Alert>
        )}
        <SignInForm />
        {options?.openIdConnect && (
          <>
            <Divider label={t('accounts.or')} />
            <Button component="a" href="/api/v1/auth/oidc/start" variant="default">
              {t('accounts.signInAt', { name: options.openIdConnect.name })}
            </Button>
          </>
        )}
        <Group justify="space-between">
          <Anchor component="button" size="sm" onClick={() => setView('reset')}>
            {t('accounts.forgot')}
          </Anchor>
          {options?.signUp === 'open' && (
            <Anchor component="button" size="sm" onClick={() => setView('sign-up')}>
              {t('accounts.signUp')}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Door>
  )
}

function SignInForm() {
  const { t } = useTranslation()
  const [ticket, setTicket] = useState<string | null>(null)
  const form = useForm({
    initialValues: { loginId: '', password: '' },
    validate: {
      loginId: (value) => (value.trim() === '' ? t('signIn.noLoginId') : null),
      password: (value) => (value === '' ? t('signIn.noPassword') : null),
    },
  })
  const enter = useMutation({
    mutationFn: (values: typeof form.values) => signIn(values.loginId.trim(), values.password),
    onSuccess: setTicket,
  })
  if (ticket !== null) return <SecondStepForm ticket={ticket} />
  return (
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
  )
}
