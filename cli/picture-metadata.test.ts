/** A picture on disk gives its graph back, or the reasons why it does not. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGraph, withGraph } from '@defect-studio/nodes'
import { Command } from 'commander'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addImageCommands } from './commands/images.ts'
import { exitCodes } from './exit-codes.ts'
import { readGraphFile } from './graph-file.ts'

let folder: string
let picture: string
let plain: string
const example = join(import.meta.dirname, '../examples/draw-defects.json')
const read = readGraph(JSON.parse(await readFile(example, 'utf8')))
if (!read.ok) throw new Error('The example cannot be read.')
const { graph } = read

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-cli-'))
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#a53' } })
    .png()
    .toBuffer()
  picture = join(folder, 'made.png')
  plain = join(folder, 'plain.png')
  await writeFile(picture, withGraph(png, graph))
  await writeFile(plain, png)
})
afterAll(() => rm(folder, { recursive: true }))

const run = async (...args: string[]) => {
  const program = new Command().exitOverride()
  addImageCommands(program)
  const written: string[] = []
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  try {
    await program.parseAsync(args, { from: 'user' })
  } finally {
    out.mockRestore()
  }
  return written.join('')
}

test('a picture is as good as the file of its graph', async () => {
  expect(await readGraphFile(picture)).toEqual(graph)
  expect(JSON.parse(await run('graph', 'from-image', picture))).toEqual(graph)
  const out = join(folder, 'out.json')
  await run('graphs', 'from-image', picture, out)
  expect(await readGraphFile(out)).toEqual(graph)
})

test('what a picture says is printed for people and for programs', async () => {
  expect(await run('image', 'info', picture)).toContain('graph: 3 nodes, as it ran')
  expect(JSON.parse(await run('image', 'info', picture, '--json'))).toMatchObject({
    graphFrom: 'graph',
    graph,
  })
})

test('a picture without a graph is refused with the reason', async () => {
  await expect(readGraphFile(plain)).rejects.toMatchObject({
    exitCode: exitCodes.refused,
    details: ['This picture does not say how it was made.'],
  })
  await expect(run('image', 'info', plain)).rejects.toMatchObject({ exitCode: exitCodes.refused })
  await expect(run('image', 'info', folder)).rejects.toMatchObject({ exitCode: exitCodes.usage })
})
