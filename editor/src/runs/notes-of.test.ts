/** Notes are said once for each sentence, however many pictures carry them. */
import { expect, it } from 'vitest'
import type { NodeRun } from '../api/types.ts'
import { notesOf } from './notes-of.ts'

it('gathers the notes of all pictures without repeating one', () => {
  const items = [['The prompt was cut.'], ['The prompt was cut.', 'The mask was stretched.'], undefined].map(
    (notes, i) => ({ name: `${i}.png`, ...(notes ? { made: { notes } } : {}) }),
  )
  const outputs: NodeRun['outputs'] = [{ port: 'image', type: 'image', total: 3, items }]
  const nodeRun: NodeRun = {
    ...{ nodeId: 'n', type: 'text-to-image', title: '', state: 'succeeded', itemsTotal: 1, itemsDone: 1 },
    ...{
      itemsCached: 0,
      itemsFailed: 0,
      cost: 0,
      saved: 0,
      failure: null,
      startedAt: null,
      endedAt: null,
      outputs,
    },
  }
  expect(notesOf(nodeRun)).toEqual(['The prompt was cut.', 'The mask was stretched.'])
})
