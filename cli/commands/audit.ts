/** The commands of the audit log: for administrators. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { connectSignedIn, refusal, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { departmentId } from '../find-named.ts'
import { printRows } from '../print-table.ts'

interface Filter {
  actor?: string
  action?: string
  object?: string
  department?: string
  outcome?: 'done' | 'refused' | 'failed'
  from?: string
  until?: string
  words?: string
}

const filtered = (command: Command): Command =>
  command
    .option('--actor <login id>', 'who did it')
    .option('--action <action>', 'as members.disable; members. for all that begin so')
    .option('--object <id>', 'to what')
    .option('--department <department>', 'name or id')
    .addOption(new Option('--outcome <outcome>').choices(['done', 'refused', 'failed']))
    .option('--from <time>', 'as 2027-01-31 or 2027-01-31T08:00:00Z')
    .option('--until <time>', 'not itself')
    .option('--words <text>', 'in the action, the names, the ids or the address')

async function queryOf(client: StudioClient, filter: Filter) {
  const { actor, action, object, department, outcome, from, until, words } = filter
  return {
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
    ...(object ? { objectId: object } : {}),
    ...(department ? { departmentId: await departmentId(client, department) } : {}),
    ...(outcome ? { outcome } : {}),
    ...(from ? { from: readTime(from) } : {}),
    ...(until ? { until: readTime(until) } : {}),
    ...(words ? { words } : {}),
  }
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who did what to what, from where (administrators)')
  filtered(audit.command('list', { isDefault: true }).description('newest first'))
    .option('--limit <count>', 'at most so many', '50')
    .option('--json')
    .action(async (options: Filter & { limit: string; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const filter = await queryOf(client, options)
      const rows: Record<string, string | null>[] = []
      let cursor: string | undefined
      do {
        const query = {
          ...filter,
          limit: Math.max(1, Math.min(100, Number(options.limit) - rows.length)),
          ...(cursor ? { cursor } : {}),
        }
        const page = unwrap(await client.GET('/api/v1/audit', { params: { query } }))
        for (const {
          at,
          actorName,
          action,
          outcome,
          objectKind,
          objectName,
          objectId,
          address,
        } of page.items)
          rows.push({
            at,
            who: actorName,
            action,
            outcome,
            object: [objectKind, objectName ?? objectId].filter(Boolean).join(' '),
            address,
          })
        cursor = page.nextCursor ?? undefined
      } while (cursor && rows.length < Number(options.limit))
      printRows(rows, { ...options, empty: 'Nothing like that.' })
    })
  filtered(audit.command('export').description('all that match, newest first'))
    .argument('<file>', 'ends with .csv or .jsonl; - for JSON Lines on standard output')
    .action(async (file: string, options: Filter) => {
      const { client } = await connectSignedIn(process.env)
      const isCsv = file.endsWith('.csv')
      if (!isCsv && !file.endsWith('.jsonl') && file !== '-')
        throw new CommandError(exitCodes.usage, 'The name of the file should end with .csv or .jsonl.')
      const given = { params: { query: await queryOf(client, options) }, parseAs: 'stream' as const }
      const { data, error, response } = isCsv
        ? await client.GET('/api/v1/audit.csv', given)
        : await client.GET('/api/v1/audit.jsonl', given)
      if (!data) throw refusal(response.status, error)
      const target = file === '-' ? process.stdout : createWriteStream(file)
      await pipeline(Readable.from(data), target, { end: file !== '-' })
    })
}

function readTime(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime()))
    throw new CommandError(
      exitCodes.usage,
      `"${text}" is no time. Write it as 2027-01-31 or 2027-01-31T08:00:00Z.`,
    )
  return time.toISOString()
}
