/** Reads a folder that holds a single net: `model.onnx`, and a `config.json` that says what it is for. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'

/** @throws StudioError 'model-broken' when there is no net, or an empty file. */
export async function requireNet(folder: string): Promise<void> {
  const model = await stat(join(folder, 'model.onnx')).catch(() => undefined)
  if (!model || model.size === 0) {
    throw new StudioError(
      'model-broken',
      `${folder} has no model.onnx, or an empty one. Copy the folder again.`,
    )
  }
}

/**
 * @param read turns the parsed JSON into the config, and throws on what it cannot use.
 * @throws StudioError 'model-broken' naming the file and what is strange.
 */
export async function readNetConfig<T>(folder: string, read: (json: unknown) => T): Promise<T> {
  const file = join(folder, 'config.json')
  try {
    return read(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new StudioError('model-broken', `${file} cannot be used: ${why}`, { cause: error })
  }
}
