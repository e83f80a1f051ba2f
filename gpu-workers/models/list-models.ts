/** Which models lie in a folder, as the worker will see them, and which names are taken. */
import { readdir } from 'node:fs/promises'
import { InstallError, type FoundModel } from '@defect-studio/nodes'
import { createModelShelf, type InstalledModel } from '../pipeline/models.ts'
import { readManifest } from './manifest.ts'

export type FoundModels = {
  models: FoundModel[]
  problems: { folder: string; reason: string }[]
  /** Names of folders, those that are no usable models included. */
  names: string[]
}

export async function listModels(modelsDir: string): Promise<FoundModels> {
  const { models, problems } = await createModelShelf({ modelsDirs: [modelsDir] }).list()
  const names = await readdir(modelsDir).catch(() => [])
  return { models: await Promise.all(models.map(toFound)), problems, names }
}

/** @throws InstallError 'unusable-model' or 'wrong-task' with what is wrong with it */
export async function findModel(modelsDir: string, id: string): Promise<InstalledModel & FoundModel> {
  const { models, problems } = await createModelShelf({ modelsDirs: [modelsDir] }).list()
  const model = models.find((one) => one.id === id)
  if (model) return { ...model, ...(await toFound(model)) }
  const reason = problems.find(({ folder }) => folder.endsWith(id))?.reason ?? `${id} is no model.`
  // Where it is put together is nobody's concern.
  const short = reason.replaceAll(/\S*[/\\]\.install-[^/\\\s]+[/\\]new[/\\]/g, '')
  throw new InstallError(/for another task/.test(short) ? 'wrong-task' : 'unusable-model', short)
}

async function toFound({
  id,
  title,
  kind,
  bytes,
  licence,
  digest,
  attention,
  folder,
}: InstalledModel): Promise<FoundModel> {
  const origin = (await readManifest(folder))?.origin ?? null
  return { id, title, kind, bytes, licence, digest, attention, origin }
}
