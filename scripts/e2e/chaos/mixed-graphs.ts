/** Graphs of every kind that the engine knows: chains, folders, batches in chunks, long work that is cancelled. */
import type { Chance } from './random.ts'

export interface MixedRun {
  kind: 'chain' | 'folder' | 'batch' | 'long'
  body: object
  /** Tokens that it costs when it succeeds, and pictures that it puts into the gallery. */
  tokens: number
  pictures: number
}

const position = { x: 0, y: 0 }
const edge = (source: string, sourceHandle: string, target: string, targetHandle: string) => ({
  ...{ id: `${source}-${target}-${targetHandle}`, source, sourceHandle, target, targetHandle },
})
const small = { width: 64, height: 64, steps: 2 }
const prompt = { id: 'prompt', type: 'prompt', position, params: { text: 'brushed metal with a scratch' } }
const save = { id: 'save', type: 'save-to-gallery', position, params: {} }
const graph = (nodes: object[], edges: object[]) => ({ graph: { formatVersion: 3, nodes, edges } })

/** Seeds differ from run to run, so that nothing is found that another has made. */
export function mixedRun(chance: Chance, folder: { name: string; count: number }): MixedRun {
  const seed = chance.below(2 ** 31)
  switch (chance.pick(['chain', 'chain', 'folder', 'folder', 'batch', 'long'] as const)) {
    case 'chain':
      return {
        kind: 'chain',
        tokens: 2,
        pictures: 1,
        body: graph(
          [
            prompt,
            { id: 'draw', type: 'text-to-image', position, params: { ...small, seed } },
            { id: 'redraw', type: 'image-to-image', position, params: { steps: 2, seed } },
            save,
          ],
          [
            edge('prompt', 'text', 'draw', 'prompt'),
            edge('draw', 'image', 'redraw', 'image'),
            edge('prompt', 'text', 'redraw', 'prompt'),
            edge('redraw', 'image', 'save', 'image'),
          ],
        ),
      }
    case 'folder':
      return {
        kind: 'folder',
        tokens: folder.count,
        pictures: folder.count,
        body: graph(
          [
            { id: 'photos', type: 'load-folder', position, params: { folder } },
            { id: 'defect', type: 'draw-defect', position, params: { kind: 'rust', seed } },
            save,
          ],
          [
            edge('photos', 'image', 'defect', 'image'),
            edge('defect', 'image', 'save', 'image'),
            edge('defect', 'mask', 'save', 'mask'),
          ],
        ),
      }
    case 'batch': {
      const count = 110
      const text = Array.from({ length: count }, (_, i) => `steel plate ${seed} ${i}`).join('\n')
      return {
        kind: 'batch',
        tokens: count,
        pictures: count,
        body: graph(
          [
            { id: 'lines', type: 'prompt-list', position, params: { lines: text } },
            { id: 'draw', type: 'text-to-image', position, params: { ...small, steps: 1, seed } },
            save,
          ],
          [edge('lines', 'text', 'draw', 'prompt'), edge('draw', 'image', 'save', 'image')],
        ),
      }
    }
    case 'long':
      return {
        kind: 'long',
        tokens: 16,
        pictures: 0,
        body: graph(
          [
            prompt,
            { id: 'draw', type: 'text-to-image', position, params: { ...small, steps: 40, count: 16, seed } },
          ],
          [edge('prompt', 'text', 'draw', 'prompt')],
        ),
      }
  }
}
