/** Files that people drop: graphs, pictures with graphs inside, and everything else. */
import { emptyGraph, withGraph } from '@defect-studio/nodes'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { readGraphFile } from './read-graph-file.ts'

const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#a53' } })
  .png()
  .toBuffer()
const jpeg = await sharp(png).jpeg().toBuffer()
const blob = (bytes: Uint8Array | string) =>
  new Blob([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)])
const graph = {
  ...emptyGraph,
  nodes: [{ id: 'a', type: 'prompt', position: { x: 0, y: 0 }, params: { text: '강철' } }],
}

describe('readGraphFile', () => {
  it('takes a graph as JSON and out of a picture', async () => {
    for (const file of [JSON.stringify(graph), withGraph(png, graph)])
      expect(await readGraphFile(blob(file), [])).toEqual({ graph, notes: [] })
  })

  it.each([
    ['a picture without a graph', png, 'does not say how it was made'],
    ['a JPEG', jpeg, 'only PNG files'],
    ['a text', 'hello', 'Choose a graph file'],
    ['nothing', '', 'Choose a graph file'],
  ])('says of %s why there is none', async (_what, file, reason) => {
    expect(await readGraphFile(blob(file), [])).toEqual({ problems: [expect.stringContaining(reason)] })
  })
})
