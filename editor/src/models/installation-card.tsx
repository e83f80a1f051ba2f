/** One installation: how far it is, the licence to accept, or how it ended. */
import { Alert, Anchor, Badge, Button, Group, Paper, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useModelActions } from '../api/model-queries.ts'
import type { Installation } from '../api/types.ts'
import { useBytes } from './use-bytes.ts'

const colours: Record<Installation['state'], string> = {
  running: 'blue',
  'asks-licence': 'yellow',
  installed: 'teal',
  failed: 'red',
  cancelled: 'gray',
}

export function InstallationCard({ installation }: { installation: Installation }) {
  const { t } = useTranslation()
  const { dismiss } = useModelActions()
  const { id, name, state, modelId, failure, notes } = installation
  const isOpen = state === 'running' || state === 'asks-licence'
  return (
    <Paper withBorder p="sm" bg="var(--studio-card)" component="article" aria-label={name}>
      <Group justify="space-between" mb={6}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Badge color={colours[state]} variant="light" tt="none">
            {t(`models.states.${state}`)}
          </Badge>
        </Group>
        <Button size="xs" variant="default" loading={dismiss.isPending} onClick={() => dismiss.mutate(id)}>
          {t(isOpen ? 'models.stop' : 'models.dismiss')}
        </Button>
      </Group>
      {state === 'running' && <StepBar installation={installation} />}
      {state === 'asks-licence' && <Licence installation={installation} />}
      {state === 'installed' && <Text size="sm">{t('models.installedAs', { name: modelId ?? name })}</Text>}
      {state === 'failed' && failure && (
        <Alert color="red" p="xs" title={t(`models.problems.${failure.code}`)}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {failure.message}
          </Text>
        </Alert>
      )}
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
    </Paper>
  )
}

function StepBar({ installation: { step } }: { installation: Installation }) {
  const { t } = useTranslation()
  const bytes = useBytes()
  const label = step ? t(`models.steps.${step.step}`) : t('models.starting')
  const part = step && step.total > 0 ? (100 * step.done) / step.total : 100
  return (
    <>
      <Progress value={part} animated aria-label={label} />
      <Text size="sm" mt={4} role="status">
        {label}{' '}
        <Text span c="dimmed">
          {!step || step.total === 0
            ? step?.what
            : step.unit === 'bytes'
              ? t('models.bytesOf', { done: bytes(step.done), total: bytes(step.total) })
              : t('models.stepOf', { done: step.done, total: step.total, what: step.what })}
        </Text>
      </Text>
    </>
  )
}

function Licence({ installation: { id, licence } }: { installation: Installation }) {
  const { t } = useTranslation()
  const bytes = useBytes()
  const { accept } = useModelActions()
  if (!licence) return null
  return (
    <Group justify="space-between">
      <Text size="sm">
        {t('models.licenceIs', {
          licence: licence.licence ?? t('models.noLicence'),
          size: bytes(licence.bytes),
        })}{' '}
        {/^https?:/.test(licence.url) && (
          <Anchor href={licence.url} target="_blank" rel="noreferrer" size="sm" underline="always">
            {t('models.readLicence')}
          </Anchor>
        )}
      </Text>
      <Button size="xs" loading={accept.isPending} onClick={() => accept.mutate(id)}>
        {t('models.accept')}
      </Button>
    </Group>
  )
}
