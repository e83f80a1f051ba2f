/** A button with a form: gives tokens to a member, takes them back, or gives back what was charged. */
import { Button, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { Refused } from '../shell/async-list.tsx'

interface Order {
  subject: string
  amount: number
  note: { note?: string }
  params: { header: { 'Idempotency-Key': string } }
}

const moves = {
  distribute: {
    note: false,
    send: ({ subject: memberId, amount, params }: Order): Promise<unknown> =>
      answer(api.POST('/api/v1/tokens/distribute', { params, body: { memberId, amount } })),
  },
  revoke: {
    note: true,
    send: ({ subject: memberId, amount, note, params }: Order): Promise<unknown> =>
      answer(api.POST('/api/v1/tokens/revoke', { params, body: { memberId, amount, ...note } })),
  },
  refund: {
    note: true,
    send: ({ subject: transferId, amount, note, params }: Order): Promise<unknown> =>
      answer(api.POST('/api/v1/tokens/refund', { params, body: { transferId, amount, ...note } })),
  },
}

interface MoveProps {
  move: keyof typeof moves
  /** The member, or for a refund the charge. */
  subject: string
  /** Whole tokens that can be moved at most, where that is known. */
  most?: number
}

export function MoveTokens(props: MoveProps) {
  const { t } = useTranslation()
  const open = () => {
    const id = modals.open({
      title: t(`tokenMoves.${props.move}`),
      children: <MoveForm {...props} onDone={() => modals.close(id)} />,
    })
  }
  return (
    <Button size="compact-sm" variant="default" onClick={open} disabled={props.most === 0}>
      {t(`tokenMoves.${props.move}`)}
    </Button>
  )
}

function MoveForm({ move, subject, most, onDone }: MoveProps & { onDone: () => void }) {
  const { t } = useTranslation()
  // One key for the form: sent twice, by an impatient hand or a lost answer, it counts once.
  const [key] = useState(() => crypto.randomUUID())
  const { note: hasNote, send } = moves[move]
  const form = useForm({
    initialValues: { amount: Math.min(100, most ?? 100), note: '' },
    validate: {
      amount: (value) =>
        Number.isInteger(value) && value >= 1 && value <= (most ?? Infinity) ? null : t('tokens.badAmount'),
    },
  })
  const order = useMutation({
    mutationFn: ({ amount, note }: typeof form.values) =>
      send({
        subject,
        amount,
        note: note ? { note } : {},
        params: { header: { 'Idempotency-Key': `${key}-${amount}` } },
      }),
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <form onSubmit={form.onSubmit((values) => order.mutate(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t(`tokenMoves.${move}Text`)}
        </Text>
        {order.error && <Refused error={order.error} />}
        <NumberInput
          label={t('tokens.amount')}
          allowDecimal={false}
          min={1}
          {...(most === undefined ? {} : { max: most })}
          thousandSeparator=","
          {...form.getInputProps('amount')}
        />
        {hasNote && <TextInput label={t('tokens.note')} maxLength={200} {...form.getInputProps('note')} />}
        <Button type="submit" loading={order.isPending}>
          {t(`tokenMoves.${move}`)}
        </Button>
      </Stack>
    </form>
  )
}
