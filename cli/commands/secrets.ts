/** The commands that keep the secrets with which a department's webhooks are signed. */
import type { Command } from 'commander'
import { connectSignedIn, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printRows } from '../print-table.ts'

export function addSecretCommands(program: Command): void {
  const secrets = program.command('secrets').description("secrets that sign your department's webhooks")
  secrets
    .command('list', { isDefault: true })
    .option('--json')
    .action(async (options: { json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const { items } = unwrap(await client.GET('/api/v1/webhook-secrets'))
      const rows = items.map(({ name, createdAt }) => ({ name, made: createdAt }))
      printRows(rows, { ...options, empty: 'No webhook secrets.' })
    })
  secrets
    .command('create')
    .description('make a secret; it is shown this once')
    .argument('<name>')
    .action(async (name: string) => {
      const { client } = await connectSignedIn(process.env)
      const { secret } = unwrap(await client.POST('/api/v1/webhook-secrets', { body: { name } }))
      process.stdout.write(`${secret}\n`)
    })
  secrets
    .command('rotate')
    .description('replace a secret; the new one is shown this once')
    .argument('<name>')
    .action(async (name: string) => {
      const { client } = await connectSignedIn(process.env)
      const path = { id: await findId(client, name) }
      const { secret } = unwrap(
        await client.POST('/api/v1/webhook-secrets/{id}/rotate', { params: { path } }),
      )
      process.stdout.write(`${secret}\n`)
    })
  secrets
    .command('delete')
    .argument('<name>')
    .action(async (name: string) => {
      const { client } = await connectSignedIn(process.env)
      const path = { id: await findId(client, name) }
      const { response, error } = await client.DELETE('/api/v1/webhook-secrets/{id}', { params: { path } })
      if (!response.ok) unwrap({ error, response })
      process.stdout.write('The secret is deleted.\n')
    })
}

async function findId(client: StudioClient, name: string): Promise<string> {
  const { items } = unwrap(await client.GET('/api/v1/webhook-secrets'))
  const secret = items.find((one) => one.name === name)
  if (!secret) throw new CommandError(exitCodes.usage, `There is no webhook secret "${name}".`)
  return secret.id
}
