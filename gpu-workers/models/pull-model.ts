/** Brings a model of the hub to this machine: looks, shows the licence, and downloads the files that are needed. */
import { copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InstallError, modelCatalogue, type CatalogueModel } from '@defect-studio/nodes'
import { requirePython } from './convert-model.ts'
import { requireRoom } from './disk-space.ts'
import { chooseFiles, type Choice } from './hub/choose-files.ts'
import { downloadFile } from './hub/download-file.ts'
import { openDownloads } from './hub/downloads.ts'
import { readHubRepo, type HubRepo } from './hub/hub-client.ts'
import { say, type InstallWorld } from './install-world.ts'

/** What is pulled: a repository, or an entry of the catalogue. */
export type Pull = {
  hubId: string
  revision: string
  half: boolean
  acceptLicence: boolean
  entry?: CatalogueModel
}

export type Pulled = {
  /** Holds the files as they were chosen, verified. */
  folder: string
  licence: string | null
  origin: string
  /** Called when they are no longer needed. */
  discard: () => Promise<void>
  /** Called when another try will need them. */
  keep: () => Promise<void>
}

/** @throws InstallError 'not-a-model' with the names that there are */
export function findInCatalogue(name: string): CatalogueModel {
  const entry = modelCatalogue.find((one) => one.name === name)
  if (entry) return entry
  const names = modelCatalogue.map((one) => one.name).join(', ')
  throw new InstallError('not-a-model', `The catalogue has no "${name}"; it has ${names}.`)
}

/** @throws InstallError for each reason that the hub, the disk or the person may have */
export async function pullModel(pull: Pull, world: InstallWorld): Promise<Pulled> {
  const { hubId, revision, entry } = pull
  say(world, 'look', `${hubId} at ${world.hub.endpoint}`)
  const repo = await readHubRepo(world.hub, hubId, revision, world.signal)
  const { chosen, isOnnx } = entry?.files
    ? { chosen: namedFiles(repo, entry.files), isOnnx: true }
    : chooseFiles(hubId, repo.files, pull.half)
  if (!isOnnx) requirePython(world.python)
  const bytes = chosen.reduce((sum, { file }) => sum + file.bytes, 0)
  const licence = entry?.licence ?? repo.licence
  await showLicence(pull, licence, bytes, world)
  const downloads = await openDownloads(world.modelsDir, hubId, repo.commit)
  try {
    // A conversion needs the room a second time.
    await requireRoom(
      downloads.folder,
      (bytes - (await bytesThere(chosen, downloads.folder))) * (isOnnx ? 1 : 2),
    )
    await downloadAll(repo, chosen, downloads.folder, world)
    if (entry?.config) await writeFile(join(downloads.folder, 'config.json'), `${JSON.stringify(entry.config, null, 2)}\n`) // prettier-ignore
    return {
      folder: downloads.folder,
      licence,
      origin: `hub:${hubId}@${repo.commit}`,
      discard: downloads.discard,
      keep: downloads.close,
    }
  } catch (error) {
    await (world.signal.aborted && !world.keepDownload() ? downloads.discard() : downloads.close())
    throw error
  }
}

async function showLicence(
  { hubId, entry, acceptLicence }: Pull,
  licence: string | null,
  bytes: number,
  world: InstallWorld,
): Promise<void> {
  const url = entry?.licenceUrl ?? `${world.hub.endpoint}/${hubId}`
  world.emit({ type: 'licence', licence, url, bytes, accepted: acceptLicence })
  if (acceptLicence || (await world.acceptLicence())) return
  world.signal.throwIfAborted()
  throw new InstallError(
    'licence-declined',
    `The licence of ${hubId} was not accepted; nothing was downloaded.`,
  )
}

async function downloadAll(
  repo: HubRepo,
  chosen: Choice[],
  folder: string,
  { hub, signal, ...world }: InstallWorld,
): Promise<void> {
  const total = chosen.reduce((sum, { file }) => sum + file.bytes, 0)
  let before = 0
  for (const { file, as } of chosen) {
    const target = join(folder, as)
    const onProgress = (bytes: number) =>
      say(world, 'download', as, { done: before + bytes, total, unit: 'bytes' })
    onProgress(0)
    if ((await sizeOf(target)) !== file.bytes)
      await downloadFile(repo, file, target, { access: hub, signal, onProgress })
    before += file.bytes
    onProgress(0)
  }
}

/** The files that a catalogue entry names. */
function namedFiles(repo: HubRepo, names: Readonly<Record<string, string>>): Choice[] {
  return Object.entries(names).map(([path, as]) => {
    const file = repo.files.find((one) => one.path === path)
    if (file) return { file, as }
    throw new InstallError('not-on-hub', `${repo.hubId} no longer has ${path}, which the catalogue names.`)
  })
}

async function bytesThere(chosen: Choice[], folder: string): Promise<number> {
  let sum = 0
  for (const { as } of chosen)
    sum += (await sizeOf(join(folder, as))) || (await sizeOf(join(folder, `${as}.part`)))
  return sum
}

/** Moves what was downloaded to where the model is put together; on another disk it would be a copy. */
export async function moveFiles(from: string, to: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true })
    await rename(join(from, path), join(to, path)).catch(() => copyFile(join(from, path), join(to, path)))
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
