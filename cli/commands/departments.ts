/** The commands of departments: for administrators. */
import type { Command } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { departmentId } from '../find-named.ts'
import { printRows } from '../print-table.ts'

export function addDepartmentCommands(program: Command): void {
  const departments = program.command('departments').description('departments (administrators)')
  departments
    .command('list', { isDefault: true })
    .option('--archived', 'those that are archived instead')
    .option('--json')
    .action(async (options: { archived?: true; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const rows = []
      let cursor: string | undefined
      do {
        const query = {
          archived: options.archived ? ('true' as const) : ('false' as const),
          limit: 100,
          ...(cursor ? { cursor } : {}),
        }
        const page = unwrap(await client.GET('/api/v1/departments', { params: { query } }))
        for (const { id, name, members, guests, admins, tokens } of page.items)
          rows.push({ name, members, guests, tokens, admins: admins.map((one) => one.loginId).join(' '), id })
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      printRows(rows, { ...options, empty: 'No departments.' })
    })
  departments
    .command('create')
    .argument('<name>')
    .action(async (name: string) => {
      const { client } = await connectSignedIn(process.env)
      const made = unwrap(await client.POST('/api/v1/departments', { body: { name } }))
      process.stdout.write(`${made.id}\n`)
    })
  departments
    .command('rename')
    .argument('<department>', 'name or id')
    .argument('<new name>')
    .action(async (department: string, name: string) => {
      const { client } = await connectSignedIn(process.env)
      const path = { id: await departmentId(client, department) }
      unwrap(await client.PUT('/api/v1/departments/{id}', { params: { path }, body: { name } }))
      process.stdout.write(`Renamed to ${name}.\n`)
    })
  departments
    .command('archive')
    .description('close it; refused while it has active members, guests, tokens or runs')
    .argument('<department>', 'name or id')
    .action(async (department: string) => {
      const { client } = await connectSignedIn(process.env)
      const params = { path: { id: await departmentId(client, department) } }
      unwrap(await client.POST('/api/v1/departments/{id}/archive', { params }))
      process.stdout.write('Archived. "departments restore" opens it again.\n')
    })
  departments
    .command('restore')
    .description('open an archived one again')
    .argument('<department>', 'name or id')
    .action(async (department: string) => {
      const { client } = await connectSignedIn(process.env)
      const params = { path: { id: await departmentId(client, department) } }
      unwrap(await client.POST('/api/v1/departments/{id}/restore', { params }))
      process.stdout.write('Open again. Its schedules stay paused.\n')
    })
}
