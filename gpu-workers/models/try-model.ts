/** Loads a model once as the worker would, so that what cannot be loaded is never offered. */
import { InstallError, StudioError, type ModelKind } from '@defect-studio/nodes'
import { modelLoaders } from '../pipeline/index.ts'
import type { InstalledModel } from '../pipeline/models.ts'

/** @throws InstallError 'unusable-model' with the reason */
export async function tryModel({ kind, folder }: InstalledModel): Promise<void> {
  const loaders: Partial<Record<ModelKind, (typeof modelLoaders)[keyof typeof modelLoaders]>> = modelLoaders
  const load = loaders[kind]
  if (!load) throw new InstallError('wrong-task', `No tool of this studio uses models of the kind "${kind}".`)
  try {
    // On the processor: the graphics card may be at work, and what is wrong with a model is wrong on both.
    const model = await load(folder, { provider: 'cpu' })
    await model.dispose()
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    const short = error.message.replaceAll(/\S*[/\\]\.install-[^/\\\s]+[/\\]new[/\\]/g, '')
    throw new InstallError('unusable-model', short, { cause: error })
  }
}
