/** The commands of tokens: how many there are, handing them on and back, and where they went. */
import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { printRows } from '../print-table.ts'

export function addTokenCommands(program: Command): void {
  const tokens = program.command('tokens').description('your tokens; administrators issue and give them')
  tokens
    .command('balance', { isDefault: true })
    .option('--json')
    .action(async (options: { json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const balance = unwrap(await client.GET('/api/v1/tokens/balance'))
      if (options.json) process.stdout.write(`${JSON.stringify(balance, null, 2)}\n`)
      else
        process.stdout.write(
          `${balance.member.available} tokens to spend, ${balance.member.pending} held by runs.\n`,
        )
    })
  addStatement(tokens)
  addMoves(tokens)
}

function addStatement(tokens: Command): void {
  tokens
    .command('list')
    .description('where tokens came from and went, newest first')
    .option('--member <id>', 'of another member (administrators)')
    .option('--department', "the department's own (administrators)")
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .option('--json')
    .action(async (options: { member?: string; department?: true; limit: number; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const rows: Record<string, string | number | null>[] = []
      let cursor: string | undefined
      do {
        const query = {
          limit: Math.min(100, options.limit - rows.length),
          of: options.department ? ('department' as const) : ('member' as const),
          ...(options.member ? { memberId: options.member } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        }
        const page = unwrap(await client.GET('/api/v1/tokens/transfers', { params: { query } }))
        for (const { id, createdAt, kind, direction, amount, runId, note } of page.items)
          rows.push({
            when: createdAt,
            what: kind,
            tokens: direction === 'in' ? amount : -amount,
            run: runId,
            note,
            id,
          })
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined && rows.length < options.limit)
      printRows(rows, { ...options, empty: 'No transfers yet.' })
    })
}

function addMoves(tokens: Command): void {
  tokens
    .command('issue')
    .description('bring new tokens to your department (super administrators)')
    .argument('<amount>', 'whole tokens', wholeNumber)
    .option('--expires <time>', 'when they lapse, as 2027-01-31T00:00:00Z')
    .option('--note <text>')
    .action(async (amount: number, options: { expires?: string; note?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const body = {
        amount,
        ...(options.expires ? { expiresAt: options.expires } : {}),
        ...(options.note ? { note: options.note } : {}),
      }
      unwrap(await client.POST('/api/v1/tokens/issue', { params: once(), body }))
      process.stdout.write(
        `${amount} tokens issued to the department. "tokens give" hands them to a member.\n`,
      )
    })
  tokens
    .command('give')
    .description('hand tokens of your department to a member (administrators)')
    .argument('<member id>', 'or "me"')
    .argument('<amount>', 'whole tokens', wholeNumber)
    .action(async (member: string, amount: number) => {
      const { client } = await connectSignedIn(process.env)
      const memberId = member === 'me' ? unwrap(await client.GET('/api/v1/auth/me')).id : member
      unwrap(await client.POST('/api/v1/tokens/distribute', { params: once(), body: { memberId, amount } }))
      process.stdout.write(`${amount} tokens given.\n`)
    })
  tokens
    .command('revoke')
    .description('take tokens that are neither spent nor held back to the department (administrators)')
    .argument('<member id>', 'or "me"')
    .argument('<amount>', 'whole tokens', wholeNumber)
    .option('--note <text>')
    .action(async (member: string, amount: number, { note }: { note?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const memberId = member === 'me' ? unwrap(await client.GET('/api/v1/auth/me')).id : member
      const body = { memberId, amount, ...(note ? { note } : {}) }
      unwrap(await client.POST('/api/v1/tokens/revoke', { params: once(), body }))
      process.stdout.write(`${amount} tokens taken back.\n`)
    })
  tokens
    .command('refund')
    .description('give a member back what was charged (administrators)')
    .argument('<charge id>', 'the id of a "capture" in "tokens list"')
    .argument('<amount>', 'whole tokens', wholeNumber)
    .option('--note <text>')
    .action(async (transferId: string, amount: number, { note }: { note?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const body = { transferId, amount, ...(note ? { note } : {}) }
      unwrap(await client.POST('/api/v1/tokens/refund', { params: once(), body }))
      process.stdout.write(`${amount} tokens given back.\n`)
    })
  tokens
    .command('expire')
    .description('move tokens whose time has passed out of every account now (super administrators)')
    .action(async () => {
      const { client } = await connectSignedIn(process.env)
      const { amount, lots } = unwrap(await client.POST('/api/v1/tokens/expire'))
      process.stdout.write(`${amount} tokens of ${lots} lots expired.\n`)
    })
}

/** Sent again by a connection that broke, the same order counts once. */
const once = () => ({ header: { 'Idempotency-Key': randomUUID() } })

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It should be a whole number from 1.')
  return value
}
