/** The commands of presets: params of a tool that somebody wants again. */
import { readFile, writeFile } from 'node:fs/promises'
import { PresetFile, PresetParams, presetFileKind, presetFileVersion } from '@defect-studio/nodes'
import { type Command, Option } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printRows } from '../print-table.ts'
import { printable } from '../printable.ts'

type Visibility = 'private' | 'department' | 'everyone'

interface Left {
  field: string
  message: string
}

const withOption = () =>
  new Option('--with <whom>', 'who may read it').choices(['private', 'department', 'everyone'])

export function addPresetCommands(program: Command): void {
  const presets = program.command('presets').description('params of a tool, kept under a name')
  presets
    .command('list', { isDefault: true })
    .option('--tool <type>', 'of this node type alone')
    .option('--search <text>', 'part of the name')
    .option('--json')
    .action(async ({ tool, search, json }: { tool?: string; search?: string; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const query = { limit: 100, ...(tool ? { tool } : {}), ...(search ? { q: search } : {}) }
      const { items } = unwrap(await client.GET('/api/v1/presets', { params: { query } }))
      const rows = items.map((preset) => ({
        id: preset.id,
        name: preset.name,
        tool: preset.tool,
        params: Object.keys(preset.params).join(', '),
        readable: preset.visibility,
        owner: preset.ownerNickname,
      }))
      printRows(rows, {
        ...(json ? { json } : {}),
        empty: 'No presets yet: "presets save NAME TOOL --param …".',
      })
    })
  presets
    .command('show')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const preset = unwrap(await client.GET('/api/v1/presets/{id}', { params: { path: { id } } }))
      process.stdout.write(`${JSON.stringify(preset, null, 2)}\n`)
    })
  presets
    .command('save')
    .description('save params of a tool under a name, or new params for a preset that is there')
    .argument('<name>')
    .argument('<tool>', 'a node type, as "nodes list" shows them')
    .requiredOption('--param <name=value>', 'a param; comes once for each', collect, [])
    .option('--over <id>', 'the preset of yours that gets this name and these params')
    .addOption(withOption())
    .action(
      async (name: string, tool: string, options: { param: string[]; over?: string; with?: Visibility }) => {
        const { client } = await connectSignedIn(process.env)
        const params = readAssignments(options.param)
        const visibility = options.with ? { visibility: options.with } : {}
        const path = { id: options.over ?? '' }
        const saved = options.over
          ? await client.PUT('/api/v1/presets/{id}', {
              params: { path },
              body: { name, params, ...visibility },
            })
          : await client.POST('/api/v1/presets', { body: { name, tool, params, ...visibility } })
        process.stdout.write(`${unwrap(saved).id}\n`)
      },
    )
  presets
    .command('rename')
    .argument('<id>')
    .argument('<name>')
    .action(async (id: string, name: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.PUT('/api/v1/presets/{id}', { params: { path: { id } }, body: { name } }))
    })
  presets
    .command('duplicate')
    .argument('<id>')
    .argument('[name]', 'the same when absent')
    .action(async (id: string, name?: string) => {
      const { client } = await connectSignedIn(process.env)
      const body = name === undefined ? {} : { name }
      const answer = await client.POST('/api/v1/presets/{id}/duplicate', { params: { path: { id } }, body })
      process.stdout.write(`${unwrap(answer).id}\n`)
    })
  presets
    .command('share')
    .argument('<id>')
    .addOption(withOption().default('department'))
    .action(async (id: string, options: { with: Visibility }) => {
      const { client } = await connectSignedIn(process.env)
      const body = { visibility: options.with }
      unwrap(await client.PUT('/api/v1/presets/{id}', { params: { path: { id } }, body }))
    })
  presets
    .command('export')
    .description('presets as one file; all of yours when none is named')
    .argument('[ids...]')
    .option('--out <file>', 'standard output when absent')
    .action(async (ids: string[], options: { out?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const query = ids.length > 0 ? { ids: ids.join(',') } : {}
      const file = unwrap(await client.GET('/api/v1/presets/export', { params: { query } }))
      const text = `${JSON.stringify(file, null, 2)}\n`
      if (options.out) await writeFile(options.out, text)
      else process.stdout.write(text)
    })
  presets
    .command('import')
    .description('take the presets of one or more files; they are yours alone until you share them')
    .argument('<files...>')
    .action(async (files: string[]) => {
      const { client } = await connectSignedIn(process.env)
      const all = (await Promise.all(files.map(readPresetFile))).flat()
      const body = { kind: presetFileKind, version: presetFileVersion, presets: all } as const
      const { items, leftOut } = unwrap(await client.POST('/api/v1/presets/import', { body }))
      for (const { id } of items) process.stdout.write(`${id}\n`)
      for (const { name, problems } of leftOut) process.stderr.write(leftOutLine(name, problems))
    })
  presets
    .command('delete')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const { response, error } = await client.DELETE('/api/v1/presets/{id}', { params: { path: { id } } })
      if (!response.ok) unwrap({ error, response })
    })
}

const collect = (value: string, before: string[]): string[] => [...before, value]

const leftOutLine = (name: string, problems: readonly Left[]): string =>
  `${printable(name)}: ${problems.map(({ field, message }) => `${printable(field)} was left out, ${printable(message)}`).join('; ')}\n`

/** A value is JSON where it can be read as such, else a text: `size=0.3`, `kind=crack`. */
function readAssignments(lines: readonly string[]): PresetParams {
  const params: PresetParams = {}
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at < 1) throw new CommandError(exitCodes.usage, `"${line}" is no name=value.`)
    const value = line.slice(at + 1)
    Object.assign(params, PresetParams.parse({ [line.slice(0, at)]: parseJson(value) ?? value }))
  }
  return params
}

async function readPresetFile(file: string): Promise<PresetFile['presets']> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(exitCodes.usage, `${file} cannot be read: ${String(error)}`)
  })
  const read = PresetFile.safeParse(parseJson(text))
  if (read.success) return read.data.presets
  const { message = '', path = [] } = read.error.issues[0] ?? {}
  throw new CommandError(exitCodes.usage, `${file}: ${[path.join('.'), message].filter(Boolean).join(': ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
