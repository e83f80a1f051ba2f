/** The models that are known to work, each with a button. */
import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useModelActions } from '../api/model-queries.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { useBytes } from './use-bytes.ts'

export function AddFromCatalogue({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const bytes = useBytes()
  const answer = useCatalogue()
  const { pull } = useModelActions()
  const items = answer.data?.items ?? []
  return (
    <AsyncList answer={answer} isEmpty={items.length === 0} empty={null}>
      <Stack gap="xs">
        {items.map(({ name, title, kind, licence, licenceUrl, note, converted, bytes: size }) => (
          <Paper key={name} withBorder p="sm">
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Text fw={600}>{title}</Text>
                <Text size="sm" c="dimmed">
                  {t(`models.kinds.${kind}`)} · {bytes(size)} ·{' '}
                  <Anchor href={licenceUrl} target="_blank" rel="noreferrer" size="sm" underline="always">
                    {licence}
                  </Anchor>
                </Text>
                <Text size="sm">
                  {note} {converted && t('models.converted')}
                </Text>
              </div>
              <Button
                size="xs"
                style={{ flex: 'none' }}
                aria-label={t('models.downloadOf', { name: title })}
                loading={pull.isPending && pull.variables.catalogue === name}
                onClick={() => pull.mutate({ catalogue: name }, { onSuccess: onDone })}
              >
                {t('models.download')}
              </Button>
            </Group>
          </Paper>
        ))}
      </Stack>
    </AsyncList>
  )
}
