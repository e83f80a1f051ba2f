/** What happens with a file that is chosen or dropped as a graph: it is opened, or the reasons are shown. */
import type { Graph } from '@defect-studio/nodes'
import { List, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useTranslation } from 'react-i18next'
import { useModels } from './api/queries.ts'
import { readGraphFile } from './read-graph-file.ts'

/** What a file chooser lets through. */
export const graphFileTypes = 'application/json,.json,image/png,.png'

/** @param open gets the graph and the file's name without its ending. */
export function useGraphFile(
  open: (graph: Graph, name: string) => void,
): (file: File | null) => Promise<void> {
  const { t } = useTranslation()
  const { data } = useModels()
  const tell = (title: string, lines: readonly string[]) =>
    modals.open({
      title,
      children: (
        <List size="sm">
          {lines.map((line, index) => (
            <List.Item key={index}>
              <Text size="sm">{line}</Text>
            </List.Item>
          ))}
        </List>
      ),
    })
  return async (file) => {
    if (!file) return
    const models = data?.items.filter(({ kind }) => kind === 'diffusion').map(({ id }) => id) ?? []
    const read = await readGraphFile(file, models)
    if ('problems' in read) return void tell(t('canvas.importRefused', { name: file.name }), read.problems)
    open(read.graph, file.name.replace(/\.[^.]+$/, ''))
    if (read.notes.length > 0) tell(t('canvas.importNotes', { name: file.name }), read.notes)
  }
}

/** The file that is being dropped, unless it is something else. */
export const droppedFile = (event: { dataTransfer: DataTransfer }): File | null =>
  event.dataTransfer.files[0] ?? null
