/** `models` as people type it, on the program as it is built, against a hub on this machine; no studio runs. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { filesBelow } from '../../gpu-workers/models/check-files.ts'
import { startHub, type TestHub } from '../../gpu-workers/models/hub/hub.test-support.ts'
import { addModelCommands } from './models.ts'

const root = path.join(import.meta.dirname, '..', '..')
const goldens = path.join(root, 'gpu-workers', 'goldens')
// Inside the repository, because packages from npm are looked up from where the bundle lies.
const program = path.join(root, '.data', 'test', `models-${process.pid}.js`)

let dir: string
let hub: TestHub
let output: string
let notes: string
beforeAll(async () => {
  const { bundleProcess } = await import('../../scripts/bundle-process.mjs')
  await bundleProcess({ root, entry: 'gpu-workers/models/program.ts', output: path.relative(root, program) })
  dir = await mkdtemp(path.join(tmpdir(), 'cli-models-'))
  const files: Record<string, Buffer> = {}
  for (const name of await filesBelow(path.join(goldens, 'tiny-sd')))
    files[name] = await readFile(path.join(goldens, 'tiny-sd', name))
  hub = await startHub('somebody/tiny-sd', files, { cardData: { license: 'openrail' } })
  vi.stubEnv('STUDIO_MODELS_PROGRAM', program)
  vi.stubEnv('MODELS_DIR', path.join(dir, 'models'))
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
})
afterAll(async () => {
  await hub.close()
  for (const file of [program, `${program}.map`]) await rm(file, { force: true })
  await rm(dir, { recursive: true, force: true })
  vi.unstubAllEnvs()
})
beforeEach(() => {
  output = ''
  notes = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((output += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((notes += String(text)), true))
})

async function models(...words: string[]): Promise<void> {
  const command = new Command().exitOverride()
  addModelCommands(command)
  await command.parseAsync(['models', ...words], { from: 'user' })
}

test('pulls from the hub once the licence is accepted, lists what is there, and removes it', async () => {
  await expect(models('pull', 'somebody/tiny-sd')).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('was not accepted'),
  })
  expect(notes).toContain('Licence: openrail')
  await models('pull', 'somebody/tiny-sd', '--as', 'mine', '--accept-licence')
  expect(output).toMatch(/^mine: diffusion, \d\.\d MB, installed\.$/m)
  expect(notes).toMatch(/Downloading .*Checking .*Loading .*Hashing /s)

  output = ''
  await models('list', '--json')
  expect(JSON.parse(output)).toMatchObject(
    [{ id: 'mine', kind: 'diffusion', licence: 'openrail', attention: 'unfused', origin: /^hub:/ }].map(
      (row) => ({ ...row, origin: expect.stringMatching(row.origin) }),
    ),
  )

  await models('remove', 'mine', '--yes')
  expect(await readdir(path.join(dir, 'models'))).toEqual(['.downloads'])
  await expect(models('remove', 'mine', '--yes')).rejects.toMatchObject({ exitCode: 4 })
})

test('adds a folder, and refuses what is no model with its reason', async () => {
  await models('add', path.join(goldens, 'tiny-matting'))
  output = ''
  await models('list')
  expect(output).toMatch(/tiny-matting +matting +0\.0 MB/)
  await expect(models('add', path.join(root, 'docs'))).rejects.toThrow('Neither model_index.json')
  await expect(models('add', '/no/such/place')).rejects.toThrow('There is nothing at /no/such/place.')
  await expect(models('pull', 'no-such-name')).rejects.toThrow('The catalogue has no "no-such-name"; it has')
})

test('shows the catalogue with licences', async () => {
  await models('list', '--catalogue')
  for (const name of [
    'stable-diffusion-2',
    'stable-diffusion-v1-5',
    'stable-diffusion-v1-4',
    'stable-diffusion-2-inpainting',
  ])
    expect(output).toMatch(new RegExp(`^${name} +diffusion +CreativeML`, 'm'))
})
