/** `hooks`: addresses under which other systems start a graph. */
import type { Command } from 'commander'
import { parseAssignments } from '../assignments.ts'
import { connectSignedIn, unwrap } from '../connection.ts'
import { printRows } from '../print-table.ts'

const collect = (value: string, before: string[]): string[] => [...before, value]

export function addHookCommands(program: Command): void {
  const hooks = program.command('hooks').description('addresses under which other systems start a graph')
  hooks
    .command('list', { isDefault: true })
    .argument('<graph id>')
    .option('--json')
    .action(async (id: string, options: { json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/graphs/{id}/hooks', { params: { path: { id } } }))
      const rows = items.map((hook) => ({
        id: hook.id,
        name: hook.name,
        path: hook.path,
        used: hook.lastUsedAt,
        revoked: hook.revokedAt,
      }))
      printRows(rows, { ...options, empty: 'No hooks.' })
    })
  hooks
    .command('create')
    .description('make a hook; its secret is shown this once')
    .argument('<graph id>')
    .argument('<name>')
    .option('--map <input=path>', 'where in the body a value lies, as prompt=defect.texts.0', collect, [])
    .option('--revision <number>', 'of the graph; the latest at each time when absent', Number)
    .action(async (id: string, name: string, options: { map: string[]; revision?: number }) => {
      const { client, address } = await connectSignedIn(process.env)
      const mapping = Object.fromEntries(parseAssignments('--map', options.map))
      const made = unwrap(
        await client.POST('/api/v1/graphs/{id}/hooks', {
          params: { path: { id } },
          body: { name, mapping, revision: options.revision ?? null },
        }),
      )
      process.stdout.write(`${address.url}${made.path}\n${made.secret}\n`)
    })
  hooks
    .command('rotate')
    .description('give a hook a new secret; the old one stops working at once')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const { secret } = unwrap(await client.POST('/api/v1/hooks/{id}/rotate', { params: { path: { id } } }))
      process.stdout.write(`${secret}\n`)
    })
  hooks
    .command('revoke')
    .argument('<id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      const { response, error } = await client.DELETE('/api/v1/hooks/{id}', { params: { path: { id } } })
      if (!response.ok) unwrap({ error, response })
      process.stdout.write('The hook no longer works.\n')
    })
}
