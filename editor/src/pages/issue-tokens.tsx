/** The super admin brings tokens into being for the department, and may hand them on to himself at once. */
import { Button, Checkbox, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useMutation } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { useMember } from '../api/session.ts'
import { Refused } from '../shell/async-list.tsx'

export function IssueTokens() {
  const { t } = useTranslation()
  const member = useMember()
  const open = () => {
    const id = modals.open({
      title: t('tokens.issue'),
      children: <IssueForm memberId={member.id} onDone={() => modals.close(id)} />,
    })
  }
  return (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      {t('tokens.issue')}
    </Button>
  )
}

function IssueForm({ memberId, onDone }: { memberId: string; onDone: () => void }) {
  const { t } = useTranslation()
  const form = useForm({
    initialValues: { amount: 1000, note: '', toMe: true },
    validate: {
      amount: (value) => (Number.isInteger(value) && value >= 1 ? null : t('tokens.badAmount')),
    },
  })
  const issue = useMutation({
    mutationFn: async ({ amount, note, toMe }: typeof form.values) => {
      const once = () => ({ header: { 'Idempotency-Key': crypto.randomUUID() } })
      const body = { amount, ...(note ? { note } : {}) }
      await answer(api.POST('/api/v1/tokens/issue', { params: once(), body }))
      if (toMe)
        await answer(api.POST('/api/v1/tokens/distribute', { params: once(), body: { memberId, amount } }))
    },
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <form onSubmit={form.onSubmit((values) => issue.mutate(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('tokens.issueText')}
        </Text>
        {issue.error && <Refused error={issue.error} />}
        <NumberInput
          label={t('tokens.amount')}
          allowDecimal={false}
          min={1}
          thousandSeparator=","
          {...form.getInputProps('amount')}
        />
        <TextInput label={t('tokens.note')} maxLength={200} {...form.getInputProps('note')} />
        <Checkbox label={t('tokens.toMe')} {...form.getInputProps('toMe', { type: 'checkbox' })} />
        <Button type="submit" loading={issue.isPending}>
          {t('tokens.issue')}
        </Button>
      </Stack>
    </form>
  )
}
