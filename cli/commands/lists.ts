/** The commands that look at what the studio has: graphs, runs, nodes and keys. */
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readGraphFile } from '../graph-file.ts'
import { printRows } from '../print-table.ts'

interface Json {
  json?: boolean
}

const page = 50

const collect = (value: string, before: string[]): string[] => [...before, value]

export function addGraphCommands(program: Command): void {
  const graphs = program.command('graphs').description('saved graphs')
  graphs
    .command('list', { isDefault: true })
    .option('--json')
    .action(async (options: Json) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/graphs', { params: { query: { limit: page } } }))
      const rows = items.map(({ id, name, updatedAt }) => ({ id, name, changed: updatedAt }))
      printRows(rows, {
        ...options,
        empty: 'No graphs yet. Draw one in the editor, or "graphs import FILE".',
      })
    })
  graphs
    .command('export')
    .argument('<id>')
    .argument('[file]', 'standard output when absent')
    .action(async (id: string, file?: string) => {
      const { client } = await connectSignedIn(process.env)
      const saved = unwrap(await client.GET('/api/v1/graphs/{id}', { params: { path: { id } } }))
      const json = `${JSON.stringify(saved.graph, null, 2)}\n`
      if (file) await writeFile(file, json)
      else process.stdout.write(json)
    })
  graphs
    .command('import')
    .argument('<file>')
    .option('--name <name>')
    .action(async (file: string, options: { name?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const graph = await readGraphFile(file)
      const name = options.name ?? basename(file, '.json')
      const saved = unwrap(await client.POST('/api/v1/graphs', { body: { name, graph } }))
      process.stdout.write(`${saved.id}\n`)
    })
}

export function addNodeCommands(program: Command): void {
  const nodes = program.command('nodes').description('the node types that graphs are made of')
  nodes
    .command('list', { isDefault: true })
    .option('--json')
    .action(async (options: Json) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/node-types'))
      const rows = items.map((node) => ({
        type: node.type,
        title: node.title,
        inputs: node.inputs.map((port) => port.name).join(', '),
        outputs: node.outputs.map((port) => port.name).join(', '),
        tokens: node.price,
      }))
      printRows(rows, { ...options, empty: 'This studio has no nodes.' })
    })
  nodes
    .command('show')
    .description('everything about one node type, as JSON')
    .argument('<type>')
    .action(async (type: string) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/node-types'))
      const node = items.find((one) => one.type === type)
      if (!node) throw new CommandError(exitCodes.usage, `There is no node type "${type}". See "nodes list".`)
      process.stdout.write(`${JSON.stringify(node, null, 2)}\n`)
    })
}

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('your API keys')
  keys
    .command('list', { isDefault: true })
    .option('--json')
    .action(async (options: Json) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/api-keys'))
      const rows = items.map((key) => ({
        id: key.id,
        name: key.name,
        starts: key.prefix,
        used: key.lastUsedAt,
        scopes: key.scopes.join(' ') || 'everything',
        expires: key.expiresAt,
        revoked: key.revokedAt,
      }))
      printRows(rows, { ...options, empty: 'No API keys.' })
    })
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .argument('<name>')
    .option(
      '--scope <scope>',
      'what it may be used for, such as runs:write; everything without it',
      collect,
      [],
    )
    .option('--graph <id>', 'binds it to runs of this graph', collect, [])
    .option('--days <number>', 'when it expires; never without it', Number)
    .action(async (name: string, options: { scope: string[]; graph: string[]; days?: number }) => {
      const { client } = await connectSignedIn(process.env)
      const made = unwrap(
        await client.POST('/api/v1/api-keys', {
          body: {
            name,
            scopes: options.scope.map(readScope),
            graphIds: options.graph,
            expiresAt: options.days === undefined ? null : inDays(options.days),
          },
        }),
      )
      process.stdout.write(`${made.key}\n`)
    })
  keys
    .command('revoke')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const { response, error } = await client.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })
      if (!response.ok) unwrap({ error, response })
      process.stdout.write('The key no longer works.\n')
    })
}

const scopes = [
  'everything',
  'runs:read',
  'runs:write',
  'graphs:read',
  'graphs:write',
  'artifacts',
  'tokens:read',
] as const

function readScope(text: string): (typeof scopes)[number] {
  const found = scopes.find((scope) => scope === text)
  if (!found)
    throw new CommandError(exitCodes.usage, `"${text}" is no scope. There are: ${scopes.join(', ')}.`)
  return found
}

function inDays(days: number): string {
  if (!(days > 0 && days <= 3660))
    throw new CommandError(exitCodes.usage, 'A key expires in up to 3660 days.')
  return new Date(Date.now() + days * 24 * 60 * 60_000).toISOString()
}
