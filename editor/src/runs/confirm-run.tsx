/** Says what a part of a graph, or everything made again, can cost, before it starts. */
import { Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useTranslation } from 'react-i18next'
import type { RunQuote } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useGraphStore } from '../graph-store.ts'
import { showError } from '../shell/show-error.ts'
import { quoteRun, startRun, type RunChoices } from './start-run.ts'

export function useConfirmRun() {
  const { t } = useTranslation()
  return (choices: RunChoices): void => {
    if (useGraphStore.getState().shown || choices.only?.length === 0) return
    quoteRun(choices).then(
      (quote) =>
        modals.openConfirmModal({
          title: t('runs.quoteTitle'),
          children: <Quote quote={quote} />,
          labels: { confirm: t('run.run'), cancel: t('runs.notNow') },
          confirmProps: { disabled: !quote.covered },
          onConfirm: () => void startRun(choices),
        }),
      showError,
    )
  }
}

function Quote({ quote: { quote, available, covered, nodes } }: { quote: RunQuote }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const words = { count: quote, tokens: number(quote), available: number(available) }
  return (
    <Stack gap="xs">
      <Text size="sm">{t('runs.quoteNodes', { count: nodes.length })}</Text>
      <Text size="sm" {...(covered ? {} : { c: 'var(--mantine-color-error)' })}>
        {covered ? t('runs.quoteText', words) : t('runs.quoteShort', words)}
      </Text>
    </Stack>
  )
}
