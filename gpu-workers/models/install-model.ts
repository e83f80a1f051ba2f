/** Installs a model: takes it in, looks at every file, converts where needed, loads it once, and only then shows it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InstallError, InstallOrder, ModelId, type FoundModel, type ModelSource } from '@defect-studio/nodes'
import { z } from 'zod'
import { checkFiles, filesBelow } from './check-files.ts'
import { convertModel, requirePython } from './convert-model.ts'
import { say, type InstallWorld } from './install-world.ts'
import { findModel, listModels } from './list-models.ts'
import { recordFile, writeManifest, type FileRecord } from './manifest.ts'
import { findInCatalogue, moveFiles, pullModel, type Pulled } from './pull-model.ts'
import { recogniseModel } from './recognise-model.ts'
import { alreadyInstalled, openStaging } from './staging.ts'
import { takeFolder } from './take-folder.ts'
import { tryModel } from './try-model.ts'
import { unpackZip } from './unpack-zip.ts'

/** The files that a source gave, before anybody has looked at them. */
type Taken = { folder: string; leftOut: string[]; licence: string | null; title: string | null; origin: string; pulled?: Pulled } // prettier-ignore

/**
 * @returns the model as it is listed from now on
 * @throws InstallError with one of `installProblems`; then nothing is left behind but a begun download
 */
export async function installModel(order: InstallOrder, world: InstallWorld): Promise<FoundModel> {
  const { source, half, acceptLicence, id: given } = InstallOrder.parse(order)
  const id = chooseId(given, source)
  const staging = await openStaging(world.modelsDir)
  let taken: Taken | undefined
  let isDone = false
  try {
    if ((await listModels(world.modelsDir)).names.includes(id)) throw alreadyInstalled(id)
    taken = await take(source, { half, acceptLicence }, join(staging.folder, 'taken'), world)
    const ready = join(staging.folder, 'new', id)
    await mkdir(join(staging.folder, 'new'))
    await makeReady(taken, ready, half, world)
    world.signal.throwIfAborted()
    const model = await findModel(join(staging.folder, 'new'), id)
    say(world, 'try', model.title)
    await tryModel(model)
    await record(ready, taken.origin, world)
    await staging.publish(ready, id)
    isDone = true
    return await findModel(world.modelsDir, id)
  } finally {
    await (isDone || (world.signal.aborted && !world.keepDownload())
      ? taken?.pulled?.discard()
      : taken?.pulled?.keep())
    await staging.discard()
  }
}

function chooseId(given: string | undefined, source: ModelSource): string {
  const name = {
    folder: () => basename(join(source.from === 'folder' ? source.path : '')),
    zip: () => basename(source.from === 'zip' ? (source.name ?? source.path) : '').replace(/\.zip$/i, ''),
    hub: () => (source.from === 'hub' ? source.hubId.split('/')[1]! : ''),
    catalogue: () => (source.from === 'catalogue' ? source.name : ''),
  }[source.from]()
  const id =
    given ??
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100)
  if (ModelId.safeParse(id).success) return id
  throw new InstallError('not-a-model', `"${name}" cannot be a model's name. Give it another one.`)
}

async function take(
  source: ModelSource,
  choice: { half: boolean; acceptLicence: boolean },
  folder: string,
  world: InstallWorld,
): Promise<Taken> {
  await mkdir(folder)
  const onProgress = (step: 'copy' | 'unpack') => (path: string, done: number, total: number) =>
    say(world, step, path, { done, total, unit: 'bytes' })
  const plain = { licence: null, title: null }
  switch (source.from) {
    case 'folder': {
      const leftOut = await takeFolder(source.path, folder, {
        signal: world.signal,
        onProgress: onProgress('copy'),
      })
      return { folder, leftOut, ...plain, origin: `folder:${basename(join(source.path))}` }
    }
    case 'zip': {
      const leftOut = await unpackZip(source.path, folder, {
        signal: world.signal,
        onProgress: onProgress('unpack'),
      })
      return { folder, leftOut, ...plain, origin: `zip:${basename(source.name ?? source.path)}` }
    }
    case 'hub':
    case 'catalogue': {
      const entry = source.from === 'catalogue' ? findInCatalogue(source.name) : undefined
      const hubId = source.from === 'hub' ? source.hubId : findInCatalogue(source.name).hubId
      const revision = (source.from === 'hub' ? source.revision : undefined) ?? 'main'
      const pulled = await pullModel({ hubId, revision, ...choice, ...(entry ? { entry } : {}) }, world)
      const { licence, origin } = pulled
      return { folder: pulled.folder, leftOut: [], licence, title: entry?.title ?? null, origin, pulled }
    }
  }
}

/** Checks what was taken and puts the ONNX folder into `ready`, with what is known for people in `about.json`. */
async function makeReady(taken: Taken, ready: string, half: boolean, world: InstallWorld): Promise<void> {
  for (const path of taken.leftOut.slice(0, 5))
    world.emit({ type: 'note', text: `Left out, because it is a Python pickle: ${path}` })
  const { folder, form } = await recogniseModel(taken.folder, taken.leftOut)
  await checkFiles(folder, (path) => {
    world.signal.throwIfAborted()
    say(world, 'check', path)
  })
  if (form === 'onnx') await moveFiles(folder, ready, await filesBelow(folder))
  else {
    const { python, signal } = world
    requirePython(python)
    const onStep = (step: number, of: number, what: string) =>
      say(world, 'convert', what, { done: step, total: of, unit: 'steps' })
    await convertModel({ source: folder, out: ready, half, python, signal, onStep })
    await checkFiles(ready, (path) => say(world, 'check', path))
  }
  await writeAbout(ready, taken)
}

const About = z.looseObject({ title: z.string().optional(), licence: z.string().optional() })

async function writeAbout(ready: string, { licence, title }: Taken): Promise<void> {
  const file = join(ready, 'about.json')
  const own = About.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')))
  const about = {
    ...(title ? { title } : {}),
    ...(licence ? { licence } : {}),
    ...(own.success ? own.data : {}),
  }
  if (Object.keys(about).length > 0) await writeFile(file, `${JSON.stringify(about, null, 2)}\n`)
}

/** Writes down the whole hash of each file. */
async function record(ready: string, origin: string, world: InstallWorld): Promise<void> {
  const files: Record<string, FileRecord> = {}
  for (const path of await filesBelow(ready)) {
    say(world, 'hash', path)
    files[path] = await recordFile(join(ready, path), world.signal)
  }
  await writeManifest(ready, { version: 1, origin, installedAt: new Date().toISOString(), files })
}
