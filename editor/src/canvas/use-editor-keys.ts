/** The keys of the editor. Mantine leaves them alone while somebody types in a field. */
import { useHotkeys } from '@mantine/hooks'
import { useGraphStore } from '../graph-store.ts'
import { saveNow } from '../autosave.ts'
import { startRun } from '../runs/start-run.ts'

export function useEditorKeys(): void {
  const { undo, redo, removeSelected, duplicateSelected, select } = useGraphStore.getState()
  useHotkeys([
    ['mod+Z', unlessDialog(undo)],
    ['mod+shift+Z', unlessDialog(redo)],
    ['mod+Y', unlessDialog(redo)],
    ['Delete', unlessDialog(removeSelected)],
    ['Backspace', unlessDialog(removeSelected)],
    ['mod+D', unlessDialog(duplicateSelected)],
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

/** A window over the page, such as the mask editor, has keys of its own. */
const unlessDialog = (act: () => void) => () => {
  if (!document.querySelector('[role="dialog"]')) act()
}
