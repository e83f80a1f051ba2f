/** The graph as a JSON file, out and in. */
import { readGraph } from '@defect-studio/nodes'
import { ActionIcon, FileButton, List, Text, Tooltip } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconFileExport, IconFileImport } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useOpenGraph } from '../autosave.ts'
import { useGraphStore, useIsLocked } from '../graph-store.ts'

export function GraphFileButtons() {
  const { t } = useTranslation()
  const locked = useIsLocked()

  const take = async (file: File | null) => {
    if (!file) return
    const read = readGraph(
      await file
        .text()
        .then(JSON.parse)
        .catch(() => null),
    )
    // One step of undo brings back what was there.
    if (read.ok) return useGraphStore.getState().edit(() => read.graph)
    modals.open({
      title: t('canvas.importRefused', { name: file.name }),
      children: (
        <List size="sm">
          {read.problems.slice(0, 20).map((problem, index) => (
            <List.Item key={index}>
              <Text size="sm">
                {problem.message} {problem.remedy}
              </Text>
            </List.Item>
          ))}
        </List>
      ),
    })
  }

  return (
    <>
      <FileButton onChange={(file) => void take(file)} accept="application/json,.json" disabled={locked}>
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
