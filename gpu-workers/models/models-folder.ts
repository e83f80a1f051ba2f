/** Where models lie on this machine: the worker that serves them and the program that installs them must agree. */
import { join, resolve } from 'node:path'

/** MODELS_DIR, else `models` in the data folder. */
export function modelsFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['MODELS_DIR'] || join(env['DATA_DIR'] || '.data', 'models'))
}
