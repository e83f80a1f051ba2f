/** What steps cost, since when, and for super admins the form that changes it. */
import { Button, Group, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { useMember } from '../api/session.ts'
import { usePrices } from '../api/token-queries.ts'
import type { PriceList as PriceVersion } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Refused } from '../shell/async-list.tsx'

const fields = ['image', 'promptSuggestion', 'trainingBase', 'trainingPerImageEpoch'] as const

export function PriceList() {
  const { t } = useTranslation()
  const { date, number } = useFormat()
  const member = useMember()
  const answer = usePrices()
  const versions = answer.data ? [answer.data.current, ...answer.data.history] : []
  const [current] = versions
  return (
    <AsyncList answer={answer} isEmpty={versions.length === 0} empty={null}>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('prices.since')}</Table.Th>
              {fields.map((field) => (
                <Table.Th key={field} ta="right">
                  {t(`prices.${field}`)}
                </Table.Th>
              ))}
              <Table.Th>{t('tokens.note')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map(({ version, prices, note, createdAt }) => (
              <Table.Tr key={version} c={version === current?.version ? 'inherit' : 'dimmed'}>
                <Table.Td>{date(createdAt)}</Table.Td>
                {fields.map((field) => (
                  <Table.Td key={field} ta="right">
                    {number(prices[field])}
                  </Table.Td>
                ))}
                <Table.Td>{note ?? ''}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {member.role === 'super_admin' && current && (
        <Group mt="sm">
          <ChangePrices current={current} />
        </Group>
      )}
    </AsyncList>
  )
}

function ChangePrices({ current }: { current: PriceVersion }) {
  const { t } = useTranslation()
  const open = () => {
    const id = modals.open({
      title: t('prices.change'),
      children: <PriceForm current={current} onDone={() => modals.close(id)} />,
    })
  }
  return (
    <Button variant="default" onClick={open}>
      {t('prices.change')}
    </Button>
  )
}

function PriceForm({ current, onDone }: { current: PriceVersion; onDone: () => void }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { ...current.prices, note: '' } })
  const change = useMutation({
    mutationFn: ({ note, ...prices }: typeof form.values) =>
      answer(
        api.PUT('/api/v1/prices', { body: { version: current.version, prices, ...(note ? { note } : {}) } }),
      ),
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['prices'] }),
  })
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('prices.changeText')}
        </Text>
        {change.error && <Refused error={change.error} />}
        {fields.map((field) => (
          <NumberInput
            key={field}
            label={t(`prices.${field}`)}
            allowDecimal={false}
            allowNegative={false}
            min={0}
            max={1_000_000}
            required
            {...form.getInputProps(field)}
          />
        ))}
        <TextInput label={t('tokens.note')} maxLength={200} {...form.getInputProps('note')} />
        <Button type="submit" loading={change.isPending}>
          {t('prices.change')}
        </Button>
      </Stack>
    </form>
  )
}
