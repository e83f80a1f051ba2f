/** Why the graph on the canvas cannot be changed, and the ways on: back, restore, or a copy of one's own. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconEye, IconHistory } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { useOpenGraph } from '../autosave.ts'
import { useGraphStore } from '../graph-store.ts'
import { useFormat } from '../i18n/use-format.ts'
import { leavePastGraph, restorePastGraph, useShownRunDate } from '../runs/past-run.ts'
import { showError } from '../shell/show-error.ts'
import classes from './editor-toolbar.module.css'

export function LookOnlyBar() {
  const isPast = useGraphStore((state) => state.shown !== null)
  const isForeign = useGraphStore((state) => state.isForeign)
  if (isPast) return <PastBar mayRestore={!isForeign} />
  return isForeign ? <ForeignBar /> : null
}

function PastBar({ mayRestore }: { mayRestore: boolean }) {
  const { t } = useTranslation()
  const { date } = useFormat()
  const ranAt = useShownRunDate()
  return (
    <Bar
      icon={<IconHistory size={20} aria-hidden />}
      text={t('lookOnly.past', { date: ranAt ? date(ranAt) : '' })}
    >
      <Button size="xs" variant="default" onClick={leavePastGraph}>
        {t('lookOnly.back')}
      </Button>
      {mayRestore && (
        <Button size="xs" onClick={restorePastGraph}>
          {t('lookOnly.restore')}
        </Button>
      )}
    </Bar>
  )
}

function ForeignBar() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { name, owner } = useOpenGraph()
  const copy = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/graphs', {
          body: {
            name: t('lookOnly.copyOf', { name }).slice(0, 100),
            graph: useGraphStore.getState().history.present,
          },
        }),
      ),
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: ['graphs'] })
      void navigate(`/graphs/${saved.id}`)
    },
    onError: showError,
  })
  return (
    <Bar icon={<IconEye size={20} aria-hidden />} text={t('lookOnly.foreign', { owner })}>
      <Button size="xs" loading={copy.isPending} onClick={() => copy.mutate()}>
        {t('lookOnly.copy')}
      </Button>
    </Bar>
  )
}

const Bar = ({ icon, text, children }: { icon: ReactNode; text: string; children: ReactNode }) => (
  <div className={classes['lookOnly']} role="status">
    {icon}
    <Text size="sm" flex={1}>
      {text}
    </Text>
    <Group gap="xs" wrap="nowrap">
      {children}
    </Group>
  </div>
)
