/** `demo`: fills a studio with what docs/demo.md shows – departments, members, tokens, graphs, presets and pictures. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { type Address, connectSignedIn, type StudioClient, unwrap } from '../connection.ts'
import { addDemoMembers, demoDepartments, type DemoMember } from '../demo-members.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { asGraph } from '../graph-file.ts'
import { uploadFolder } from '../upload.ts'

const graphs = [
  { name: 'Demo: from words to a cut-out part', file: 'demo.json' },
  { name: 'Demo: defects for many photos', file: 'draw-defects.json' },
  { name: 'Demo: five tools', file: 'five-tools.json' },
] as const

const presets = [
  { name: 'Demo: quick look', tool: 'text-to-image', params: { steps: 8, guidanceScale: 3.5 } },
  { name: 'Demo: strong defect', tool: 'inpaint', params: { steps: 20, strength: 1 } },
] as const

const say = (line: string) => process.stderr.write(`${line}\n`)

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'fill a studio with the data of the demo (super administrators); run again, it adds what is missing',
    )
    .option(
      '--examples <folder>',
      'where the example photos and graphs are',
      process.env['STUDIO_EXAMPLES'] ?? 'examples',
    )
    .option('--without-run', 'make no pictures')
    .option('--json', 'print what there is as JSON')
    .action(fill)
}

async function fill(options: { examples: string; withoutRun?: boolean; json?: boolean }): Promise<void> {
  const { client, address } = await connectSignedIn(process.env)
  const me = unwrap(await client.GET('/api/v1/auth/me'))
  if (me.role !== 'super_admin')
    throw new CommandError(
      exitCodes.notAllowed,
      'The demo makes departments and members: a super administrator has to load it.',
    )
  say('Departments and members')
  await addDepartments(client)
  const members = await addDemoMembers(client)
  say('Tokens')
  await giveTokens(client, me.id)
  say('Graphs and presets')
  const graphIds = await addGraphs(client, options.examples)
  await addPresets(client)
  const runs = options.withoutRun ? [] : await makePictures(client, address, graphIds, options.examples)
  const outcome = { members, graphs: graphIds, runs }
  if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`)
  else process.stdout.write(describe(outcome))
}

async function addDepartments(client: StudioClient): Promise<void> {
  const { items } = unwrap(await client.GET('/api/v1/departments', { params: { query: { limit: 100 } } }))
  for (const name of demoDepartments)
    if (!items.some((department) => department.name === name))
      unwrap(await client.POST('/api/v1/departments', { body: { name } }))
}

/** The keys are fixed: loaded again, nobody is given more. */
async function giveTokens(client: StudioClient, memberId: string): Promise<void> {
  const once = (key: string) => ({ header: { 'Idempotency-Key': key } })
  unwrap(
    await client.POST('/api/v1/tokens/issue', {
      params: once('demo-issue'),
      body: { amount: 500, note: 'Demo' },
    }),
  )
  unwrap(
    await client.POST('/api/v1/tokens/distribute', {
      params: once('demo-give'),
      body: { memberId, amount: 200 },
    }),
  )
}

async function addGraphs(client: StudioClient, folder: string): Promise<Record<string, string>> {
  const { items } = unwrap(await client.GET('/api/v1/graphs', { params: { query: { limit: 100 } } }))
  const ids: Record<string, string> = {}
  for (const { name, file } of graphs) {
    const before = items.find((graph) => graph.name === name)
    const document = asGraph(file, JSON.parse(await readFile(path.join(folder, file), 'utf8')))
    const { id } =
      before ?? unwrap(await client.POST('/api/v1/graphs', { body: { name, graph: { ...document } } }))
    ids[file] = id
  }
  return ids
}

async function addPresets(client: StudioClient): Promise<void> {
  const { items } = unwrap(await client.GET('/api/v1/presets', { params: { query: { limit: 100 } } }))
  for (const { name, tool, params } of presets)
    if (!items.some((preset) => preset.name === name))
      unwrap(await client.POST('/api/v1/presets', { body: { name, tool, params, visibility: 'department' } }))
}

/** Runs of the demo, begun and not waited for; what was made before is found and costs nothing. */
async function makePictures(
  client: StudioClient,
  address: Address,
  ids: Record<string, string>,
  examples: string,
): Promise<string[]> {
  const { collection } = await uploadFolder(client, address, path.join(examples, 'photos'), (done, total) => {
    if (done === total) say(`Photos: ${total}`)
  })
  const orders = [
    { file: 'demo.json', inputs: {} },
    { file: 'draw-defects.json', inputs: { photo: collection } },
  ]
  const runs: string[] = []
  for (const { file, inputs } of orders) {
    const params = { path: { id: ids[file] ?? '' }, header: { 'Idempotency-Key': randomUUID() } }
    runs.push(unwrap(await client.POST('/api/v1/graphs/{id}/runs', { params, body: { inputs } })).id)
  }
  return runs
}

function describe({ members, runs }: { members: readonly DemoMember[]; runs: readonly string[] }): string {
  const lines = members.map(({ loginId, role, password }) =>
    password === null
      ? `  ${loginId} (${role}) was there before`
      : `  ${loginId} (${role}), password ${password}`,
  )
  return `${['The demo is loaded. Members:', ...lines].join('\n')}\n${runs.length === 0 ? 'No pictures were made.' : `Runs that go on: ${runs.join(', ')}`}\ndocs/demo.md tells what to look at.\n`
}
