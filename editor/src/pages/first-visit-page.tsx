/** The first visit: whoever opens a new studio becomes its owner. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { signIn } from '../api/start-session.ts'
import { Door } from '../shell/door.tsx'
import { Refused } from '../shell/async-list.tsx'

export function FirstVisitPage({ needsCode }: { needsCode: boolean }) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { name: '', loginId: '', email: '', password: '', code: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('firstVisit.noName') : null),
      loginId: (value) =>
        /^[A-Za-z0-9][A-Za-z0-9._@-]{2,49}$/.test(value.trim()) ? null : t('firstVisit.badLoginId'),
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('firstVisit.badEmail')),
      password: (value) => (value.length >= 8 ? null : t('firstVisit.shortPassword')),
      code: (value) => (needsCode && value.trim() === '' ? t('firstVisit.noCode') : null),
    },
  })
  const create = useMutation({
    mutationFn: async ({ code, name, loginId, email, password }: typeof form.values) => {
      const body = { name: name.trim(), loginId: loginId.trim(), email: email.trim(), password }
      await answer(
        api.POST('/api/v1/setup/owner', { body: needsCode ? { ...body, code: code.trim() } : body }),
      )
      await signIn(body.loginId, password)
    },
  })
  return (
    <Door title={t('firstVisit.title')} text={t('firstVisit.text')}>
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack>
          {create.error && <Refused error={create.error} />}
          {needsCode && (
            <>
              <Alert color="yellow">{t('firstVisit.codeWhy')}</Alert>
              <TextInput
                label={t('firstVisit.code')}
                autoComplete="one-time-code"
                {...form.getInputProps('code')}
              />
            </>
          )}
          <TextInput label={t('firstVisit.name')} autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label={t('signIn.loginId')} autoComplete="username" {...form.getInputProps('loginId')} />
          <TextInput
            label={t('firstVisit.email')}
            type="email"
            autoComplete="email"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            description={t('firstVisit.passwordHelp')}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={create.isPending}>
            {t('firstVisit.create')}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
