/** Removes a model of this machine: gone from the list at once, then from the disk. */
import { InstallError, ModelId } from '@defect-studio/nodes'
import { listModels } from './list-models.ts'
import { discardModel } from './staging.ts'

/** @throws InstallError 'not-installed' with the names that there are */
export async function removeModel(modelsDir: string, id: string): Promise<void> {
  const { names } = await listModels(modelsDir)
  if (ModelId.safeParse(id).success && names.includes(id)) return discardModel(modelsDir, id)
  const there = names.filter((name) => !name.startsWith('.'))
  throw new InstallError(
    'not-installed',
    `There is no model "${id}" in ${modelsDir}. There ${there.length > 0 ? `is ${there.join(', ')}` : 'are none'}.`,
  )
}
