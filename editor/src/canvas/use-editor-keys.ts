/** The keys of the editor. Mantine leaves them alone while somebody types in a field. */
import { useHotkeys } from '@mantine/hooks'
import { useGraphStore } from '../graph-store.ts'
import { saveNow } from '../autosave.ts'
import { toggleMode } from '../graph-edits.ts'
import { useConfirmRun } from '../runs/confirm-run.tsx'
import { startRun } from '../runs/start-run.ts'

export function useEditorKeys(): void {
  const confirmRun = useConfirmRun()
  const { undo, redo, removeSelected, duplicateSelected, select } = useGraphStore.getState()
  useHotkeys([
    ['mod+Z', unlessDialog(undo)],
    ['mod+shift+Z', unlessDialog(redo)],
    ['mod+Y', unlessDialog(redo)],
    ['Delete', unlessDialog(removeSelected)],
    ['Backspace', unlessDialog(removeSelected)],
    ['mod+D', unlessDialog(duplicateSelected)],
    ['mod+M', unlessDialog(() => toggleSelected('muted'))],
    ['mod+B', unlessDialog(() => toggleSelected('bypassed'))],
    ['mod+shift+Enter', unlessDialog(() => confirmRun({ only: [...useGraphStore.getState().selected] }))],
    [
      'mod+A',
      unlessDialog(() => select(useGraphStore.getState().history.present.nodes.map((node) => node.id))),
    ],
  ])
  // These two also work while a field has the focus.
  useHotkeys(
    [
      ['mod+Enter', unlessDialog(() => void startRun())],
      ['mod+S', unlessDialog(() => void saveNow())],
    ],
    [],
  )
}

function toggleSelected(mode: 'muted' | 'bypassed'): void {
  const { selected, edit } = useGraphStore.getState()
  if (selected.size > 0) edit((graph) => toggleMode(graph, selected, mode))
}

/** A window over the page, such as the mask editor, has keys of its own. */
const unlessDialog = (act: () => void) => () => {
  if (!document.querySelector('[role="dialog"]')) act()
}
