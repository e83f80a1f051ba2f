/** The commands of members and of guests who wait: for administrators. */
import { type Command, Option } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { departmentId, memberId } from '../find-named.ts'
import { printRows } from '../print-table.ts'

type GivenRole = 'super_admin' | 'department_admin' | 'department_member'
type State = 'active' | 'guest' | 'disabled' | 'deleted'

const givenRoles = ['department_member', 'department_admin', 'super_admin']
const states = ['active', 'guest', 'disabled', 'deleted']

export function addMemberCommands(program: Command): void {
  const members = program.command('members').description('members and guests (administrators)')
  addList(members)
  addGuestCommands(members)
  members
    .command('role')
    .description('give a member another role; their sign-ins end')
    .argument('<member>', 'login id or id')
    .argument('<role>', givenRoles.join(', '))
    .action(async (member: string, role: string) => {
      const { client } = await connectSignedIn(process.env)
      const path = { id: await memberId(client, member) }
      const body = { role: readRole(role) }
      const changed = unwrap(await client.PUT('/api/v1/members/{id}', { params: { path }, body }))
      process.stdout.write(`${changed.loginId} is now ${changed.role}.\n`)
    })
  members
    .command('move')
    .description('move a member to another department; tokens that are left stay behind')
    .argument('<member>', 'login id or id')
    .argument('<department>', 'name or id')
    .action(async (member: string, department: string) => {
      const { client } = await connectSignedIn(process.env)
      const path = { id: await memberId(client, member) }
      const body = { departmentId: await departmentId(client, department) }
      const changed = unwrap(await client.PUT('/api/v1/members/{id}', { params: { path }, body }))
      process.stdout.write(`${changed.loginId} is now in ${changed.departmentName}.\n`)
    })
  for (const what of ['disable', 'enable'] as const)
    members
      .command(what)
      .description(
        what === 'disable'
          ? 'shut a member out; sign-ins and API keys end'
          : 'let a disabled member in again',
      )
      .argument('<member>', 'login id or id')
      .action(async (member: string) => {
        const { client } = await connectSignedIn(process.env)
        const params = { path: { id: await memberId(client, member) } }
        const changed = unwrap(
          what === 'disable'
            ? await client.POST('/api/v1/members/{id}/disable', { params })
            : await client.POST('/api/v1/members/{id}/enable', { params }),
        )
        process.stdout.write(`${changed.loginId} is ${changed.state}.\n`)
      })
  members
    .command('delete')
    .description('delete a member for good; the work stays without their name')
    .argument('<member>', 'login id or id')
    .requiredOption('--yes', 'I mean it: this cannot be undone')
    .action(async (member: string) => {
      const { client } = await connectSignedIn(process.env)
      const params = { path: { id: await memberId(client, member) } }
      const { response, error } = await client.DELETE('/api/v1/members/{id}', { params })
      if (!response.ok) unwrap({ error, response })
      process.stdout.write('The member is deleted.\n')
    })
}

interface ListOptions {
  search?: string
  role?: GivenRole | 'guest'
  department?: string
  state?: State
  limit: string
  json?: boolean
}

function addList(members: Command): void {
  members
    .command('list', { isDefault: true })
    .description('newest first')
    .option('--search <text>', 'in the login id, the names or the e-mail address')
    .addOption(new Option('--role <role>').choices([...givenRoles, 'guest']))
    .option('--department <department>', 'name or id')
    .addOption(new Option('--state <state>', 'all but deleted ones without it').choices(states))
    .option('--limit <count>', 'at most so many', '100')
    .option('--json')
    .action(async ({ search, role, department, state, limit, json }: ListOptions) => {
      const { client } = await connectSignedIn(process.env)
      const filter = {
        ...(search ? { search } : {}),
        ...(role ? { role } : {}),
        ...(department ? { departmentId: await departmentId(client, department) } : {}),
        ...(state ? { state } : {}),
      }
      const rows: Record<string, string | null>[] = []
      let cursor: string | undefined
      do {
        const query = {
          ...filter,
          limit: Math.max(1, Math.min(100, Number(limit) - rows.length)),
          ...(cursor ? { cursor } : {}),
        }
        const page = unwrap(await client.GET('/api/v1/members', { params: { query } }))
        for (const { loginId, name, email, role, departmentName, state, lastSeenAt, id } of page.items)
          rows.push({
            'login id': loginId,
            name,
            email,
            role,
            department: departmentName,
            state,
            seen: lastSeenAt,
            id,
          })
        cursor = page.nextCursor ?? undefined
      } while (cursor && rows.length < Number(limit))
      printRows(rows, { ...(json ? { json } : {}), empty: 'Nobody like that.' })
    })
}

function addGuestCommands(members: Command): void {
  members
    .command('approve')
    .description('let guests in; each hears of it by mail')
    .argument('<guest...>', 'login ids or ids')
    .addOption(new Option('--role <role>').choices(givenRoles).default('department_member'))
    .option('--department <department>', 'name or id; the one that the guest named without it')
    .option('--reason <text>', 'for the mail')
    .action(async (guests: string[], options: { role: string; department?: string; reason?: string }) => {
      const { client } = await connectSignedIn(process.env)
      const chosen = options.department ? await departmentId(client, options.department) : undefined
      await decide(guests, (id) => ({
        memberId: id,
        approve: true,
        role: readRole(options.role),
        ...(chosen ? { departmentId: chosen } : {}),
        ...(options.reason ? { reason: options.reason } : {}),
      }))
    })
  members
    .command('reject')
    .description('turn guests away; each hears of it by mail')
    .argument('<guest...>', 'login ids or ids')
    .option('--reason <text>', 'for the mail')
    .action(async (guests: string[], { reason }: { reason?: string }) => {
      await decide(guests, (id) => ({ memberId: id, approve: false, ...(reason ? { reason } : {}) }))
    })
}

type Decision =
  | { memberId: string; approve: true; role: GivenRole; departmentId?: string; reason?: string }
  | { memberId: string; approve: false; reason?: string }

async function decide(guests: string[], decisionOf: (id: string) => Decision): Promise<void> {
  const { client } = await connectSignedIn(process.env)
  const ids = []
  for (const guest of guests) ids.push(await memberId(client, guest))
  const body = { decisions: ids.map(decisionOf) }
  const { items } = unwrap(await client.POST('/api/v1/members/decisions', { body }))
  printRows(
    items.map(({ outcome, message }, place) => ({
      guest: guests[place] ?? '',
      outcome,
      message: message ?? '',
    })),
    { empty: '' },
  )
  const refused = items.filter(({ outcome }) => outcome === 'refused').length
  if (refused > 0) throw new CommandError(exitCodes.refused, `${refused} of ${items.length} were refused.`)
}

function readRole(text: string): GivenRole {
  const role = (['super_admin', 'department_admin', 'department_member'] as const).find((one) => one === text)
  if (!role)
    throw new CommandError(exitCodes.usage, `"${text}" is no role. There are: ${givenRoles.join(', ')}.`)
  return role
}
