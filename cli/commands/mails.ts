/** The commands of mails that leave the studio: which wait or failed, sending one again, giving one up. */
import { type Command, Option } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { printRows } from '../print-table.ts'

const states = ['waiting', 'failed', 'given-up', 'sent'] as const

export function addMailCommands(program: Command): void {
  const mails = program.command('mails').description('mails that leave the studio (super administrators)')
  mails
    .command('list', { isDefault: true })
    .description('the latest 100, with what the mail server said')
    .addOption(new Option('--state <state>', 'only these').choices(states))
    .option('--json')
    .action(async (options: { state?: (typeof states)[number]; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const query = { limit: 100, ...(options.state ? { state: options.state } : {}) }
      const { items } = unwrap(await client.GET('/api/v1/outgoing-mails', { params: { query } }))
      const rows = items.map(({ createdAt, state, attempts, to, subject, lastError, id }) => ({
        ...{ when: createdAt, state, tries: attempts, to, subject, error: lastError, id },
      }))
      printRows(rows, { ...options, empty: 'No mails.' })
    })
  mails
    .command('resend')
    .description('send a mail now that failed or was given up')
    .argument('<mail id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.POST('/api/v1/outgoing-mails/{id}/resend', { params: { path: { id } } }))
      process.stdout.write('It is sent again. "mails list" says how that ended.\n')
    })
  mails
    .command('give-up')
    .description('try a mail no more')
    .argument('<mail id>')
    .action(async (id: string) => {
      const { client } = await connectSignedIn(process.env)
      unwrap(await client.POST('/api/v1/outgoing-mails/{id}/give-up', { params: { path: { id } } }))
      process.stdout.write('Given up.\n')
    })
}
