/** Whether the graph is saved; on a clash, the choice that only a person can make. */
import { Button, Group, Popover, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keepMine, saveNow, takeTheirs, useOpenGraph } from '../autosave.ts'
import { showError } from '../shell/show-error.ts'

export function SaveStatus() {
  const { t } = useTranslation()
  const { state, error } = useOpenGraph()
  if (state === 'clash')
    return (
      <Popover width={320} withArrow defaultOpened>
        <Popover.Target>
          <Button size="xs" color="orange" variant="light">
            {t('save.clash')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs">
            <Text size="sm">{t('save.clashText')}</Text>
            <Group gap="xs">
              <Button size="xs" onClick={() => void takeTheirs().catch(showError)}>
                {t('save.takeTheirs')}
              </Button>
              <Button
                size="xs"
                color="orange"
                variant="light"
                onClick={() => void keepMine().catch(showError)}
              >
                {t('save.keepMine')}
              </Button>
            </Group>
          </Stack>
        </Popover.Dropdown>
      </Popover>
    )
  if (state === 'failed')
    return (
      <Button size="xs" color="red" variant="light" title={error} onClick={() => void saveNow()}>
        {t('save.failed')}
      </Button>
    )
  return (
    <Text size="sm" c="dimmed" role="status" data-save={state} style={{ whiteSpace: 'nowrap' }}>
      {t(`save.${state}`)}
    </Text>
  )
}
