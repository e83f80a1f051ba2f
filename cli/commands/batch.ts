/** `batch`: one graph many times, from a file that says what each run is given. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { JsonValue } from '@defect-studio/nodes'
import type { Command } from 'commander'
import { z } from 'zod'
import { connectSignedIn, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readPriority } from '../numbers.ts'

const Values = z.record(z.string(), JsonValue)
const Items = z.array(
  z.object({ inputs: Values.default({}), params: Values.default({}), reference: z.string().optional() }),
)

interface StartOptions {
  name?: string
  priority?: 1 | 2 | 3 | 4 | 5
  key?: string
}

export function addBatchCommands(program: Command): void {
  const batch = program.command('batch').description('one graph many times, all of the runs or none')
  batch
    .command('start')
    .argument('<graph id>')
    .argument('<file>', 'JSON: [{ "inputs": {…}, "params": {…}, "reference": "…" }, …], up to 1,000')
    .option('--name <name>')
    .option('--priority <1-5>', '1 goes first, 5 last', readPriority)
    .option('--key <key>', 'the same key with the same file starts it once')
    .action(start)
  batch
    .command('show')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const shown = unwrap(await client.GET('/api/v1/batches/{id}', { params: { path: { id } } }))
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
    })
  batch
    .command('cancel')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.POST('/api/v1/batches/{id}/cancel', { params: { path: { id } } }))
      process.stdout.write('Its runs are asked to cancel.\n')
    })
}

async function start(graphId: string, file: string, { key, ...options }: StartOptions): Promise<void> {
  const { client } = await connectSignedIn(process.env)
  const made = unwrap(
    await client.POST('/api/v1/graphs/{id}/batches', {
      params: { path: { id: graphId }, header: { 'Idempotency-Key': key ?? randomUUID() } },
      body: { items: await readItems(file), ...options },
    }),
  )
  process.stdout.write(`${made.id}\n`)
  process.stderr.write(`${made.count} runs, at most ${made.quote} tokens.\n`)
}

async function readItems(file: string) {
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CommandError(exitCodes.refused, `"${file}" is not JSON: ${String(error)}`)
  }
  const items = Items.safeParse(json)
  if (items.success)
    return items.data.map(({ reference, ...given }) => ({
      ...given,
      ...(reference === undefined ? {} : { reference }),
    }))
  throw new CommandError(
    exitCodes.refused,
    `"${file}" does not say what each run is given.`,
    items.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  )
}
