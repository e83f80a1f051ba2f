/** A place to install into, and what the installer said, for the tests of this folder. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstallEvent, InstallOrder, ModelSource } from '@defect-studio/nodes'
import { installModel } from './install-model.ts'
import type { InstallWorld } from './install-world.ts'

/** The tiny models. */
export const goldensFolder = join(import.meta.dirname, '..', 'goldens')

export type TestPlace = {
  /** Folder for whatever the test makes. */
  dir: string
  modelsDir: string
  events: InstallEvent[]
  install: (
    source: ModelSource,
    order?: Partial<InstallOrder>,
    world?: Partial<InstallWorld>,
  ) => ReturnType<typeof installModel>
  /** A copy of a tiny model of the goldens. */
  copyOf: (golden: string) => Promise<string>
  /** Everything in the models folder, hidden files among it. */
  left: () => Promise<string[]>
  remove: () => Promise<void>
}

export async function makePlace(): Promise<TestPlace> {
  const dir = await mkdtemp(join(tmpdir(), 'install-'))
  const modelsDir = join(dir, 'models')
  const events: InstallEvent[] = []
  return {
    dir,
    modelsDir,
    events,
    install: (source, order = {}, world = {}) =>
      installModel(
        { source, ...order },
        {
          modelsDir,
          hub: { endpoint: 'http://127.0.0.1:1', token: undefined },
          python: undefined,
          signal: new AbortController().signal,
          keepDownload: () => true,
          emit: (event) => events.push(event),
          acceptLicence: async () => false,
          ...world,
        },
      ),
    async copyOf(golden) {
      const folder = join(dir, golden)
      await cp(join(goldensFolder, golden), folder, { recursive: true })
      return folder
    },
    left: () => readdir(modelsDir).catch(() => []),
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
