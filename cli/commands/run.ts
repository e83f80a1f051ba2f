/** `run`: a graph, its inputs, its params → pictures in a folder. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Graph, type JsonValue, NamedCollection, paramBehind } from '@defect-studio/nodes'
import type { Command } from 'commander'
import type { components } from '../__generated__/openapi.ts'
import { parseAssignments, readParam } from '../assignments.ts'
import { type Address, connectSignedIn, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { followRun } from '../follow-run.ts'
import { asGraph, readGraphFile } from '../graph-file.ts'
import { readPriority } from '../numbers.ts'
import { kindOfPath } from '../picture-files.ts'
import { RunProgress } from '../run-progress.ts'
import { saveOutputs } from '../save-outputs.ts'
import { uploadFolder, uploadPicture } from '../upload.ts'

interface RunOptions {
  input: string[]
  param: string[]
  out?: string
  json?: boolean
  detach?: boolean
  only: string[]
  fresh?: boolean
  priority?: 1 | 2 | 3 | 4 | 5
  reference?: string
  quote?: boolean
}

const collect = (value: string, before: string[]): string[] => [...before, value]

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run a graph: a file, or the id of a saved graph')
    .argument('<graph>', 'GRAPH.json or a graph id')
    .option(
      '--input <name=value>',
      'a declared input: a picture, a folder of pictures, or a text',
      collect,
      [],
    )
    .option('--param <node.field=value>', 'a param of a node for this run', collect, [])
    .option(
      '--only <node>',
      'run to this node: it and what it needs; may be given several times',
      collect,
      [],
    )
    .option('--fresh', 'make everything anew, also what was made before')
    .option('--priority <1-5>', '1 goes first, 5 last', readPriority)
    .option('--reference <id>', 'an id of your own')
    .option('--quote', 'say what it would cost at most, and begin nothing')
    .option('--out <folder>', 'where the declared outputs are written')
    .option('--json', 'print the finished run as JSON on standard output')
    .option('--detach', 'start the run, print its id, and do not wait')
    .action(run)
}

async function run(source: string, options: RunOptions): Promise<void> {
  const { client, address } = await connectSignedIn(process.env)
  const progress = new RunProgress(process.stderr)
  const { graph, graphId, name } = await findGraph(client, source)
  const inputs = await readInputs(client, address, graph, options.input, progress)
  const params: Record<string, JsonValue> = {}
  for (const [path, text] of parseAssignments('--param', options.param)) {
    const dot = path.indexOf('.')
    params[path] = readParam(graph, path.slice(0, Math.max(dot, 0)), path.slice(dot + 1), text)
  }

  const { only, fresh, priority, reference } = options
  const how = {
    ...(only.length > 0 ? { only } : {}),
    ...(fresh ? { fresh } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(reference === undefined ? {} : { reference }),
    name,
    inputs,
    params,
  }
  if (options.quote)
    return printQuote(client, { ...how, ...(graphId ? { graphId } : { graph: { ...graph } }) }, options)
  // A key of our own makes a repeated request harmless when the answer to the first was lost.
  const header = { 'Idempotency-Key': randomUUID() }
  const created = unwrap(
    graphId
      ? await client.POST('/api/v1/graphs/{id}/runs', {
          params: { path: { id: graphId }, header },
          body: how,
        })
      : await client.POST('/api/v1/runs', { params: { header }, body: { ...how, graph: { ...graph } } }),
  )
  if (options.detach) {
    process.stdout.write(options.json ? `${JSON.stringify({ id: created.id })}\n` : `${created.id}\n`)
    return
  }
  progress.note(`Run ${created.id}: at most ${created.quote} tokens. Ctrl-C cancels it.`)
  const stop = cancelOnInterrupt(client, created.id, progress)
  const finished = await followRun(client, address, created.id, {
    onSnapshot: (snapshot) => progress.snapshot(snapshot),
    onEvent: (event) => progress.event(event),
    onLost: (reason) => progress.note(`${reason} Trying again; the run itself goes on.`),
  }).finally(stop)
  progress.end()

  const files = options.out ? await saveOutputs(address, finished, options.out) : []
  if (options.json) process.stdout.write(`${JSON.stringify({ ...finished, files }, null, 2)}\n`)
  else {
    process.stdout.write(`Run ${finished.id} ${finished.status}; ${finished.cost} tokens.\n`)
    if (options.out) process.stdout.write(`${files.length} files in ${options.out}\n`)
  }
  if (finished.status === 'succeeded') return
  if (finished.status === 'cancelled') throw new CommandError(exitCodes.cancelled, 'The run was cancelled.')
  throw new CommandError(
    exitCodes.runFailed,
    'The run did not succeed.',
    finished.nodeRuns.flatMap((node) =>
      node.failure ? [`${node.nodeId}: ${node.failure.message} ${node.failure.remedy}`] : [],
    ),
  )
}

async function printQuote(
  client: StudioClient,
  body: components['schemas']['QuotedRun'],
  options: { json?: boolean },
): Promise<void> {
  const quote = unwrap(await client.POST('/api/v1/runs/quote', { body }))
  if (options.json) process.stdout.write(`${JSON.stringify(quote, null, 2)}\n`)
  else process.stdout.write(`At most ${quote.quote} tokens; you have ${quote.available}.\n`)
}

async function findGraph(client: StudioClient, source: string) {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(source)) {
    const saved = unwrap(await client.GET('/api/v1/graphs/{id}', { params: { path: { id: source } } }))
    return { graph: asGraph(source, saved.graph), graphId: saved.id, name: saved.name }
  }
  const name = source.replace(/^.*[/\\]/, '').replace(/\.json$/, '')
  return { graph: await readGraphFile(source), graphId: null, name }
}

async function readInputs(
  client: StudioClient,
  address: Address,
  graph: Graph,
  given: readonly string[],
  progress: RunProgress,
): Promise<Record<string, JsonValue>> {
  const inputs: Record<string, JsonValue> = {}
  for (const [name, text] of parseAssignments('--input', given)) {
    const declared = graph.inputs.find((input) => input.name === name)
    const node = graph.nodes.find((one) => one.id === declared?.nodeId)
    if (!declared || !node) {
      const known = graph.inputs.map((input) => input.name).join(', ') || 'none'
      throw new CommandError(exitCodes.usage, `The graph has no input "${name}"; it has: ${known}.`)
    }
    // An input of a subgraph stands for a param inside it, whose name says what it takes.
    const field = paramBehind(graph, node.id, declared.field)?.field ?? declared.field
    if (!['image', 'folder', 'drawn'].includes(field))
      inputs[name] = readParam(graph, node.id, declared.field, text)
    else if ((await kindOfPath(text)) === 'folder') {
      const { collection, passedOver } = await uploadFolder(client, address, text, (done, total) => {
        if (done === total) progress.note(`${total} pictures of "${text}" are in the studio.`)
      })
      if (passedOver.length > 0)
        progress.note(`Passed over, not pictures by their names: ${passedOver.slice(0, 10).join(', ')}`)
      inputs[name] = { ...collection }
    } else inputs[name] = (await readUploadedFolder(text)) ?? { ...(await uploadPicture(address, text)) }
  }
  return inputs
}

/** What `upload` has written of a folder that is in the studio already; null for any other file. */
async function readUploadedFolder(file: string): Promise<NamedCollection | null> {
  if (!file.endsWith('.json')) return null
  try {
    return NamedCollection.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    throw new CommandError(exitCodes.usage, `"${file}" is no folder that "upload" has written.`)
  }
}

/** The first Ctrl-C cancels the run and waits for its end; the second leaves at once. */
function cancelOnInterrupt(client: StudioClient, runId: string, progress: RunProgress): () => void {
  let asked = false
  const onInterrupt = () => {
    if (asked) process.exit(exitCodes.cancelled)
    asked = true
    progress.note('Cancelling the run; Ctrl-C again leaves at once.')
    client
      .POST('/api/v1/runs/{id}/cancel', { params: { path: { id: runId } } })
      .catch((error: unknown) => progress.note(`The run could not be cancelled: ${String(error)}`))
  }
  process.on('SIGINT', onInterrupt)
  return () => process.off('SIGINT', onInterrupt)
}
