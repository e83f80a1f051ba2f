/** Asking for an account, and showing with the code of the mail that the address is one's own. */
import { Button, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api, ApiError } from '../api/client.ts'
import type { components } from '../api/__generated__/openapi.ts'
import { Refused } from '../shell/async-list.tsx'

type SignInOptions = components['schemas']['SignInOptions']

export function SignUpForm({ options, done }: { options: SignInOptions; done: () => void }) {
  const { t, i18n } = useTranslation()
  const [asked, setAsked] = useState<string | null>(null)
  const needed = (value: string) => (value.trim() === '' ? t('accounts.needed') : null)
  const form = useForm({
    initialValues: { loginId: '', password: '', name: '', email: '', departmentId: '' },
    validate: { loginId: needed, name: needed, email: needed, password: needed, departmentId: needed },
  })
  const ask = useMutation({
    mutationFn: (values: typeof form.values) =>
      answer(
        api.POST('/api/v1/sign-ups', { body: { ...values, language: i18n.language === 'ko' ? 'ko' : 'en' } }),
      ),
    onSuccess: ({ id }) => setAsked(id),
    onError: (error) => {
      if (!(error instanceof ApiError)) return
      for (const { field, message } of error.problems) if (field) form.setFieldError(field, message)
    },
  })
  if (asked !== null) return <CodeForm signUpId={asked} loginId={form.values.loginId} done={done} />
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values))} noValidate>
      <Stack>
        {ask.error && <Refused error={ask.error} />}
        <TextInput
          label={t('signIn.loginId')}
          description={t('accounts.loginIdHelp')}
          autoComplete="username"
          autoFocus
          {...form.getInputProps('loginId')}
        />
        <PasswordInput
          label={t('signIn.password')}
          description={t('accounts.passwordHelp')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          {...form.getInputProps('password')}
        />
        <TextInput label={t('firstVisit.name')} autoComplete="name" {...form.getInputProps('name')} />
        <TextInput label={t('firstVisit.email')} autoComplete="email" {...form.getInputProps('email')} />
        <Select
          label={t('accounts.department')}
          data={options.departments.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          {...form.getInputProps('departmentId')}
        />
        <Button type="submit" size="md" loading={ask.isPending}>
          {t('accounts.sendCode')}
        </Button>
      </Stack>
    </form>
  )
}

interface CodeFormProps {
  signUpId: string
  loginId: string
  done: () => void
}

/** A login id that somebody else has is told here, after the address was shown; the code stays good for another one. */
function CodeForm({ signUpId, loginId, done }: CodeFormProps) {
  const { t } = useTranslation()
  const [another, setAnother] = useState(loginId)
  const [code, setCode] = useState('')
  const path = { params: { path: { id: signUpId } } }
  const verify = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/sign-ups/{id}/verify', { ...path, body: { code, loginId: another } })),
    onSuccess: done,
  })
  const resend = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sign-ups/{id}/code', path)),
    onSuccess: () => setCode(''),
  })
  const isTaken = verify.error instanceof ApiError && verify.error.status === 409
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        verify.mutate()
      }}
    >
      <Stack>
        <Text size="sm" role="status">
          {resend.isSuccess ? t('accounts.sentAgain') : t('accounts.codeText')}
        </Text>
        {verify.error && <Refused error={verify.error} />}
        {resend.error && <Refused error={resend.error} />}
        {isTaken && (
          <TextInput
            label={t('accounts.anotherLoginId')}
            value={another}
            onChange={(event) => setAnother(event.currentTarget.value)}
          />
        )}
        <TextInput
          label={t('accounts.code')}
          autoComplete="one-time-code"
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={verify.isPending} disabled={code.trim() === ''}>
          {t('accounts.confirm')}
        </Button>
        <Button variant="subtle" loading={resend.isPending} onClick={() => resend.mutate()}>
          {t('accounts.resend')}
        </Button>
      </Stack>
    </form>
  )
}
