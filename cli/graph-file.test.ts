/** A graph file is read whole or refused with its reasons. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { readGraphFile } from './graph-file.ts'

const example = join(import.meta.dirname, '../examples/draw-defects.json')

test('reads an example', async () => {
  expect((await readGraphFile(example)).nodes.map((node) => node.id)).toEqual(['photos', 'defect', 'save'])
})

test.each([
  ['not json', 'is not JSON', exitCodes.refused],
  ['{"formatVersion":99,"nodes":[]}', 'is not a graph', exitCodes.refused],
])('refuses %s', async (text, message, exitCode) => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-cli-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'graph.json')
  await writeFile(file, text)
  await expect(readGraphFile(file)).rejects.toMatchObject({
    message: expect.stringContaining(message),
    exitCode,
  })
})

test('says so when the file is a folder, or is not there', async () => {
  await expect(readGraphFile(tmpdir())).rejects.toMatchObject({ exitCode: exitCodes.usage })
  await expect(readGraphFile('/no/such.json')).rejects.toMatchObject({ exitCode: exitCodes.usage })
})
