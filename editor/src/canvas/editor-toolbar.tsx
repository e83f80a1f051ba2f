/** The bar above the canvas: the graph's name, whether it is saved, undo, files, and Run. */
import { ActionIcon, Divider, Group, TextInput, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconCopy, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { rename, useOpenGraph } from '../autosave.ts'
import { useGraphStore, useIsLocked } from '../graph-store.ts'
import { RunBar } from '../runs/run-bar.tsx'
import classes from './editor-toolbar.module.css'
import { GraphFileButtons } from './graph-file-buttons.tsx'
import { SaveStatus } from './save-status.tsx'

export function EditorToolbar() {
  const { t } = useTranslation()
  const name = useOpenGraph((open) => open.name)
  const locked = useIsLocked()
  const history = useGraphStore((store) => store.history)
  const hasSelection = useGraphStore((store) => store.selected.size > 0)
  const hasAny = useGraphStore((store) => store.selected.size + store.selectedEdges.size > 0)
  const { undo, redo, duplicateSelected, removeSelected } = useGraphStore.getState()
  const buttons = [
    {
      name: t('common.undo'),
      keys: 'Ctrl+Z',
      Icon: IconArrowBackUp,
      can: history.past.length > 0,
      act: undo,
    },
    {
      name: t('common.redo'),
      keys: 'Ctrl+Shift+Z',
      Icon: IconArrowForwardUp,
      can: history.future.length > 0,
      act: redo,
    },
    {
      name: t('canvas.duplicate'),
      keys: 'Ctrl+D',
      Icon: IconCopy,
      can: hasSelection,
      act: duplicateSelected,
    },
    { name: t('common.delete'), keys: 'Delete', Icon: IconTrash, can: hasAny, act: removeSelected },
  ]
  return (
    <header className={classes['bar']}>
      <Group gap="sm" wrap="nowrap">
        <TextInput
          variant="unstyled"
          className={classes['name'] ?? ''}
          aria-label={t('graphs.name')}
          value={name}
          maxLength={100}
          readOnly={locked}
          onChange={(event) => rename(event.currentTarget.value)}
        />
        <SaveStatus />
      </Group>
      <Group gap={6} wrap="nowrap" role="toolbar" aria-label={t('canvas.tools')}>
        {buttons.map(({ name: label, keys, Icon, can, act }) => (
          <Tooltip key={label} label={`${label} · ${keys}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={label}
              disabled={locked || !can}
              onClick={act}
            >
              <Icon size={20} />
            </ActionIcon>
          </Tooltip>
        ))}
        <Divider orientation="vertical" mx={2} />
        <GraphFileButtons />
        <Divider orientation="vertical" mx={2} />
        <RunBar />
      </Group>
    </header>
  )
}
