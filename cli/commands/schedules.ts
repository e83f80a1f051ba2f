/** The commands of schedules: saved graphs that run by the clock. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { printRows } from '../print-table.ts'

const overlaps = ['skip', 'buffer_one', 'buffer_all', 'allow_all', 'cancel_other'] as const
type Overlap = (typeof overlaps)[number]

interface NewSchedule {
  cron?: string
  every?: number
  zone: string
  name?: string
  revision?: number
  overlap: Overlap
  paused?: true
}

const overlapOption = (usual: Overlap) =>
  new Option('--overlap <policy>', 'when the run before still goes on').choices([...overlaps]).default(usual)

export function addScheduleCommands(program: Command): void {
  const schedules = program.command('schedules').description('saved graphs that run by the clock')
  schedules
    .command('list', { isDefault: true })
    .option('--json')
    .action(async (options: { json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/schedules', { params: { query: { limit: 100 } } }))
      const rows = items.map(({ id, name, graphName, nextTimes, paused, stoppedBecause }) => ({
        id,
        name,
        graph: graphName,
        next: nextTimes[0] ?? '',
        state: stoppedBecause ? `stopped: ${stoppedBecause}` : paused ? 'paused' : 'active',
      }))
      printRows(rows, { ...options, empty: 'No schedules yet: "schedules create GRAPH --cron LINE".' })
    })
  schedules
    .command('show')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const schedule = unwrap(await client.GET('/api/v1/schedules/{id}', { params: { path: { id } } }))
      process.stdout.write(`${JSON.stringify(schedule, null, 2)}\n`)
    })
  schedules
    .command('create')
    .argument('<graph>', 'id of a saved graph')
    .option('--cron <line>', 'minute, hour, day of the month, month, day of the week')
    .option('--every <seconds>', 'at least 60', wholeNumber)
    .option('--zone <name>', 'time zone, as Asia/Seoul', 'UTC')
    .option('--name <name>')
    .option('--revision <number>', 'a fixed revision of the graph instead of the latest', wholeNumber)
    .addOption(overlapOption('skip'))
    .option('--paused', 'begins paused')
    .action(async (graphId: string, { cron, every, zone, name, revision, overlap, paused }: NewSchedule) => {
      if ((cron === undefined) === (every === undefined))
        throw new InvalidArgumentError('Give either --cron or --every.')
      const { client } = await connectSignedIn(process.env)
      const timing =
        cron === undefined
          ? { kind: 'interval' as const, everySeconds: every ?? 0, offsetSeconds: 0 }
          : { kind: 'cron' as const, cron }
      const body = {
        ...{ graphId, timing, timeZone: zone, overlap, name: name ?? 'Schedule', revision: revision ?? null },
        ...{ inputs: {}, params: {}, catchUpSeconds: 600, paused: paused ?? false },
      }
      const { id, nextTimes } = unwrap(await client.POST('/api/v1/schedules', { body }))
      process.stdout.write(`${id}\n`)
      if (nextTimes[0]) process.stderr.write(`It comes next at ${nextTimes[0]}.\n`)
    })
  for (const act of ['pause', 'resume'] as const)
    schedules
      .command(act)
      .argument('<id>')
      .action(async (id: string) => {
        const { client } = await connectSignedIn(process.env)
        unwrap(await client.POST(`/api/v1/schedules/{id}/${act}`, { params: { path: { id } } }))
      })
  schedules
    .command('trigger')
    .description('run it now, besides its times')
    .argument('<id>')
    .addOption(overlapOption('allow_all'))
    .action(async (id: string, { overlap }: { overlap: Overlap }) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(
        await client.POST('/api/v1/schedules/{id}/trigger', { params: { path: { id } }, body: { overlap } }),
      )
    })
  schedules
    .command('backfill')
    .description('run it for every time that it would have had between two moments')
    .argument('<id>')
    .requiredOption('--from <time>', 'as 2026-01-31T00:00:00Z')
    .requiredOption('--to <time>')
    .addOption(overlapOption('buffer_all'))
    .action(async (id: string, body: { from: string; to: string; overlap: Overlap }) => {
      const { client } = await connectSignedIn(process.env)
      const { times } = unwrap(
        await client.POST('/api/v1/schedules/{id}/backfill', { params: { path: { id } }, body }),
      )
      process.stdout.write(`${times}\n`)
    })
  schedules
    .command('delete')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.DELETE('/api/v1/schedules/{id}', { params: { path: { id } } }))
    })
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It should be a whole number.')
  return value
}
