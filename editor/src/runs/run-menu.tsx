/** Beside Run: a part of the graph, everything anew, or what failed once more. */
import { isFinal } from '@defect-studio/nodes'
import { ActionIcon, Menu, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useGraphStore } from '../graph-store.ts'
import { useConfirmRun } from './confirm-run.tsx'
import { useRunView } from './run-view.ts'
import { retryRun } from './start-run.ts'

export function RunMenu() {
  const { t } = useTranslation()
  const selected = useGraphStore((state) => state.selected)
  const run = useRunView((view) => view.run)
  const confirmRun = useConfirmRun()
  const retryId = run && isFinal(run.status) && run.status !== 'succeeded' ? run.id : null
  const items = [
    {
      ...{ name: t('runs.selection'), help: t('runs.selectionHelp'), can: selected.size > 0 },
      act: () => confirmRun({ only: [...selected] }),
    },
    {
      ...{ name: t('runs.fresh'), help: t('runs.freshHelp'), can: true },
      act: () => confirmRun({ fresh: true }),
    },
    {
      ...{ name: t('runs.retry'), help: t('runs.retryHelp'), can: retryId !== null },
      act: () => void (retryId && retryRun(retryId)),
    },
    {
      ...{ name: t('runs.retryEdited'), help: t('runs.retryEditedHelp'), can: retryId !== null },
      act: () => void (retryId && retryRun(retryId, true)),
    },
  ]
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <ActionIcon variant="filled" size={36} aria-label={t('runs.menu')}>
          <IconChevronDown size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ name, help, can, act }) => (
          <Menu.Item key={name} disabled={!can} onClick={act}>
            {name}
            <Text size="xs" c="dimmed">
              {help}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
