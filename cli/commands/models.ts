/** `models`: what is installed on this machine, with no studio running; put there from a folder, a zip or the hub, or removed. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import input from '@inquirer/input'
import { modelCatalogue, type InstallOrder, type ModelSource } from '@defect-studio/nodes'
import type { Command } from 'commander'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { InstallProgress, megabytes } from '../install-progress.ts'
import { runInstaller } from '../installer.ts'
import { printRows } from '../print-table.ts'

interface InstallOptions {
  as?: string
  half?: boolean
  revision?: string
  acceptLicence?: boolean
  json?: boolean
}

export function addModelCommands(program: Command): void {
  const models = program
    .command('models')
    .description('models on this machine; a running worker sees changes by itself')
  models
    .command('list', { isDefault: true })
    .description('what is installed')
    .option('--catalogue', 'what "models pull" knows by name')
    .option('--json')
    .action(list)
  models
    .command('add')
    .description('install a model from a folder or a zip')
    .argument('<path>', 'a folder or a zip: an ONNX model, or a diffusers one with safetensors')
    .option('--as <id>', 'name it differently')
    .option('--half', 'convert PyTorch weights to half precision')
    .option('--json')
    .action(async (path: string, options: InstallOptions) => install(await sourceAt(path), options))
  models
    .command('pull')
    .description('install a model of the catalogue, or of the Hugging Face Hub; goes on where it was cut off')
    .argument('<name>', 'a name of "models list --catalogue", or owner/name')
    .option('--revision <revision>', 'a branch, tag or commit of the hub')
    .option('--as <id>', 'name it differently')
    .option('--half', 'convert PyTorch weights to half precision')
    .option('--accept-licence', 'do not ask: you have read the licence')
    .option('--json')
    .action((name: string, options: InstallOptions) => install(sourceCalled(name, options.revision), options))
  models
    .command('remove')
    .description('delete a model from this machine')
    .argument('<id>')
    .option('--yes', 'do not ask')
    .action(remove)
}

async function list(options: { catalogue?: boolean; json?: boolean }): Promise<void> {
  if (options.catalogue) {
    const rows = modelCatalogue.map(({ name, kind, licence, hubId, bytes, converted }) => {
      return { name, kind, licence, hub: hubId, download: options.json ? bytes : megabytes(bytes), converted: converted ? 'yes' : 'no' } // prettier-ignore
    })
    return printRows(rows, { ...options, empty: 'The catalogue is empty.' })
  }
  const found = await runInstaller(process.env, { do: 'list' }, { onEvent: () => {} })
  if (found.type !== 'found') return
  const rows = found.models.map(({ id, kind, bytes, licence, attention, origin, digest }) => ({
    id,
    kind,
    size: options.json ? bytes : megabytes(bytes),
    licence,
    attention,
    origin,
    digest: options.json ? digest : digest.slice(0, 12),
  }))
  printRows(rows, { ...options, empty: `No models in ${found.folder}. "models pull NAME" installs one.` })
  for (const { reason } of found.problems) process.stderr.write(`Cannot be used: ${reason}\n`)
  if (!options.json && found.models.some(({ attention }) => attention === 'unfused'))
    process.stderr.write(
      'Attention that is written out (unfused) is slower. "models pull owner/name" of the original converts it anew.\n',
    )
}

async function install(source: ModelSource, options: InstallOptions): Promise<void> {
  const progress = new InstallProgress(process.stderr)
  const { as: id, half = false, acceptLicence = false } = options
  const order: InstallOrder = { source, half, acceptLicence, ...(id === undefined ? {} : { id }) }
  const result = await runInstaller(
    process.env,
    { do: 'install', order },
    {
      onEvent: (event) => progress.event(event),
      acceptLicence: async () => agrees('Do you accept the licence?'),
    },
  ).finally(() => progress.end())
  if (result.type !== 'done') return
  const { model } = result
  if (options.json) process.stdout.write(`${JSON.stringify(model, null, 2)}\n`)
  else process.stdout.write(`${model.id}: ${model.kind}, ${megabytes(model.bytes)}, installed.\n`)
}

async function remove(id: string, { yes }: { yes?: boolean }): Promise<void> {
  if (!yes && !(await agrees(`Delete the model "${id}" from this machine?`)))
    throw new CommandError(exitCodes.cancelled, 'Nothing was deleted.')
  await runInstaller(process.env, { do: 'remove', id }, { onEvent: () => {} })
  process.stdout.write(`${id} is removed.\n`)
}

/** Where nobody can be asked nobody has agreed. */
async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  return /^y(es)?$/i.test((await input({ message: `${question} (y/n)` })).trim())
}

async function sourceAt(path: string): Promise<ModelSource> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new CommandError(exitCodes.usage, `There is nothing at ${path}.`)
  return found.isDirectory() ? { from: 'folder', path: resolve(path) } : { from: 'zip', path: resolve(path) }
}

function sourceCalled(name: string, revision: string | undefined): ModelSource {
  if (!name.includes('/')) return { from: 'catalogue', name }
  return { from: 'hub', hubId: name, ...(revision === undefined ? {} : { revision }) }
}
