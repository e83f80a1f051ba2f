/** The graph as a JSON file, out and in; in from a picture, too. */
import { ActionIcon, FileButton, Tooltip } from '@mantine/core'
import { IconFileExport, IconFileImport } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useOpenGraph } from '../autosave.ts'
import { useGraphStore, useIsLocked } from '../graph-store.ts'
import { graphFileTypes, useGraphFile } from '../use-graph-file.tsx'

export function GraphFileButtons() {
  const { t } = useTranslation()
  const locked = useIsLocked()

  // One step of undo brings back what was there.
  const take = useGraphFile((graph) => useGraphStore.getState().edit(() => graph))

  return (
    <>
      <FileButton onChange={(file) => void take(file)} accept={graphFileTypes} disabled={locked}>
        {(props) => (
          <Tooltip label={t('canvas.import')}>
            <ActionIcon
              {...props}
              variant="subtle"
              color="gray"
              size={34}
              aria-label={t('canvas.import')}
              disabled={locked}
            >
              <IconFileImport size={20} />
            </ActionIcon>
          </Tooltip>
        )}
      </FileButton>
      <Tooltip label={t('canvas.export')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={34}
          aria-label={t('canvas.export')}
          onClick={exportGraph}
        >
          <IconFileExport size={20} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}

function exportGraph(): void {
  const { shown, history } = useGraphStore.getState()
  const graph = shown ?? history.present
  const url = URL.createObjectURL(new Blob([JSON.stringify(graph, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${useOpenGraph.getState().name || 'graph'}.json`
  link.click()
  URL.revokeObjectURL(url)
}
