/** `runs`: what became of them, and what people ask of those that are under way. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { isFinal } from '@defect-studio/nodes'
import type { Command } from 'commander'
import { connectSignedIn, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readGraphFile } from '../graph-file.ts'
import { readPriority } from '../numbers.ts'
import { printRows } from '../print-table.ts'

const page = 50
/** Shorter than what proxies allow. */
const pollSeconds = 30

export function addRunCommands(program: Command): void {
  const runs = program.command('runs').description('runs, newest first')
  runs
    .command('list', { isDefault: true })
    .option('--json')
    .option('--reference <id>', 'those that were given this id of yours')
    .action(list)
  runs
    .command('show')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const run = unwrap(await client.GET('/api/v1/runs/{id}', { params: { path: { id } } }))
      process.stdout.write(`${JSON.stringify(run, null, 2)}\n`)
    })
  runs
    .command('items')
    .description('the items of one node of a run')
    .argument('<id>')
    .argument('<node>', 'a node id; outer/inner for a node of a subgraph')
    .option('--state <state>', 'only those in this state, such as failed')
    .option('--json')
    .action(listItems)
  runs
    .command('wait')
    .description('wait until a run has ended')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const run = await waitForEnd(client, id)
      process.stdout.write(`Run ${id} ${run.status}; ${run.cost} tokens.\n`)
      if (run.status !== 'succeeded') throw new CommandError(exitCodes.runFailed, 'The run did not succeed.')
    })
  for (const [name, kept] of [
    ['keep', true],
    ['let-go', false],
  ] as const)
    runs
      .command(name)
      .description(kept ? 'keep a run whatever the retention policy says' : 'let the policy have it')
      .argument('<id>')
      .action(async (id: string) => {
        const { client } = await connectSignedIn(process.env)
        unwrap(await client.PUT('/api/v1/runs/{id}/keep', { params: { path: { id } }, body: { kept } }))
      })
  runs
    .command('retry')
    .description('take a run up again: what succeeded and did not change is taken over')
    .argument('<id>')
    .option('--graph <file>', 'an edited graph')
    .action(async (id: string, options: { graph?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const body = options.graph === undefined ? {} : { graph: { ...(await readGraphFile(options.graph)) } }
      const headers = { 'Idempotency-Key': randomUUID() }
      const made = unwrap(
        await client.POST('/api/v1/runs/{id}/retry', { params: { path: { id }, header: headers }, body }),
      )
      process.stdout.write(`${made.id}\n`)
    })
  runs
    .command('cancel')
    .argument('[id]', 'all of yours when absent')
    .option('--graph <id>', 'those of this graph')
    .option('--batch <id>', 'those of this batch')
    .option('--department', 'those of your department (administrators)')
    .action(cancel)
  runs
    .command('pause')
    .description('begin nothing new; what is under way is finished')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.POST('/api/v1/runs/{id}/pause', { params: { path: { id } } }))
      process.stdout.write('The run is paused. "runs resume" goes on with it.\n')
    })
  runs
    .command('resume')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.POST('/api/v1/runs/{id}/resume', { params: { path: { id } } }))
      process.stdout.write('The run goes on.\n')
    })
  runs
    .command('priority')
    .argument('<id>')
    .argument('<priority>', '1 goes first, 5 last', readPriority)
    .action(async (id: string, priority: number) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.PUT('/api/v1/runs/{id}/priority', { params: { path: { id } }, body: { priority } }))
      process.stdout.write(`The run has priority ${priority}.\n`)
    })
}

async function list({ reference, ...options }: { json?: boolean; reference?: string }): Promise<void> {
  const { client } = await connectSignedIn(process.env)
  const query = { limit: page, ...(reference === undefined ? {} : { reference }) }
  const { items } = unwrap(await client.GET('/api/v1/runs', { params: { query } }))
  const rows = items.map((run) => ({
    id: run.id,
    graph: run.graphName,
    status: run.paused && !isFinal(run.status) ? `${run.status}, paused` : run.status,
    items: `${run.items.done}/${run.items.total}`,
    tokens: run.cost,
    saved: run.saved,
    started: run.createdAt,
  }))
  printRows(rows, { ...options, empty: 'No runs yet.' })
}

async function listItems(
  id: string,
  nodeId: string,
  options: { json?: boolean; state?: string },
): Promise<void> {
  const { client } = await connectSignedIn(process.env)
  const states = [
    'queued',
    'holding',
    'running',
    'cached',
    'succeeded',
    'failed',
    'skipped',
    'cancelled',
  ] as const
  const state = states.find((one) => one === options.state)
  if (options.state !== undefined && !state)
    throw new CommandError(
      exitCodes.usage,
      `"${options.state}" is no state. There are: ${states.join(', ')}.`,
    )
  const read = async (from: number | null) =>
    unwrap(
      await client.GET('/api/v1/runs/{id}/nodes/{nodeId}/items', {
        params: {
          path: { id, nodeId },
          query: { limit: 500, ...(state ? { state } : {}), ...(from === null ? {} : { cursor: from }) },
        },
      }),
    )
  const rows = []
  let cursor: number | null = null
  do {
    const { items, nextCursor } = await read(cursor)
    for (const item of items)
      rows.push({
        index: item.index,
        name: item.name,
        state: item.state,
        worker: item.worker,
        tokens: item.cost,
        failure: item.failure?.message ?? null,
      })
    cursor = nextCursor
  } while (cursor !== null)
  printRows(rows, { ...options, empty: 'No items.' })
}

interface CancelOptions {
  graph?: string
  batch?: string
  department?: boolean
}

async function cancel(id: string | undefined, options: CancelOptions): Promise<void> {
  const { client } = await connectSignedIn(process.env)
  if (id !== undefined) {
    unwrap(await client.POST('/api/v1/runs/{id}/cancel', { params: { path: { id } } }))
    process.stdout.write('The run is asked to cancel.\n')
    return
  }
  const { asked } = unwrap(
    await client.POST('/api/v1/runs/cancel', {
      body: {
        of: options.department ? 'department' : 'me',
        ...(options.graph === undefined ? {} : { graphId: options.graph }),
        ...(options.batch === undefined ? {} : { batchId: options.batch }),
      },
    }),
  )
  process.stdout.write(`${asked} ${asked === 1 ? 'run is' : 'runs are'} asked to cancel.\n`)
}

/** Asks again with the state that it was told, so that no change is missed. */
async function waitForEnd(client: StudioClient, id: string) {
  for (;;) {
    const before = unwrap(await client.GET('/api/v1/runs/{id}', { params: { path: { id } } }))
    if (isFinal(before.status)) return before
    const query = { wait: pollSeconds, state: before.status }
    const answer = await client.GET('/api/v1/runs/{id}', { params: { path: { id }, query } })
    // A studio that restarts meanwhile answers the next question.
    if (answer.response.status >= 500) await wait(1000)
    else if (isFinal(unwrap(answer).status)) return unwrap(answer)
  }
}
