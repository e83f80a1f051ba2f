/** Where the program that installs models is, and the Python that converts them: the command line and the API are told. */
import path from 'node:path'
import { ROOT } from './prepare.mjs'
import { pythonProgram } from './setup-python.mjs'

/** Variables for a process that installs models. Whether the Python is there is looked up when it is needed. */
export function modelTools(env) {
  return {
    STUDIO_MODELS_PROGRAM: env.STUDIO_MODELS_PROGRAM ?? path.join(ROOT, 'dist', 'models.js'),
    STUDIO_PYTHON: env.STUDIO_PYTHON ?? pythonProgram(),
  }
}
