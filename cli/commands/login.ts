/** `login` and `logout`: keeps an API key for this person on this machine, or forgets it. */
import { hostname } from 'node:os'
import { text } from 'node:stream/consumers'
import input from '@inquirer/input'
import password from '@inquirer/password'
import type { Command } from 'commander'
import { readConfig, removeConfig, writeConfig } from '../config.ts'
import { connect, findAddress, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

interface LoginOptions {
  url?: string
  key?: string
  loginId?: string
  passwordStdin?: boolean
  code?: string
}

export function addLoginCommands(program: Command): void {
  program
    .command('login')
    .description('store an API key: made by signing in, or one that you have')
    .option('--url <address>', 'address of the studio')
    .option('--key <api key>', 'an API key made under Settings')
    .option('--login-id <id>', 'sign in as this member and make a key')
    .option('--password-stdin', 'read the password from standard input')
    .option('--code <code>', 'code of your authenticator app, where your account asks for one')
    .action(login)
  program
    .command('logout')
    .description('forget the stored API key; revoke it with "keys revoke" or under Settings')
    .action(async () => {
      await removeConfig(process.env)
      process.stdout.write('The stored key is forgotten.\n')
    })
}

async function login(options: LoginOptions): Promise<void> {
  const url = (options.url ?? (await findAddress(process.env)).url).replace(/\/+$/, '')
  if (!URL.canParse(url)) throw new CommandError(exitCodes.usage, `"${url}" is not an address.`)
  const apiKey = options.key ?? (await makeKey(url, options))
  const client = connect({ url, apiKey })
  const me = unwrap(await client.GET('/api/v1/auth/me'))
  const file = await writeConfig(process.env, { url, apiKey })
  process.stdout.write(`Signed in to ${url} as ${me.loginId}. The key is in ${file}.\n`)
  if ((await readConfig(process.env))?.apiKey !== apiKey)
    throw new CommandError(exitCodes.usage, 'The key was not kept.')
}

async function makeKey(url: string, options: LoginOptions): Promise<string> {
  const loginId = options.loginId ?? (await input({ message: `Login id at ${url}` }))
  const secret = options.passwordStdin
    ? (await text(process.stdin)).replace(/\r?\n$/, '')
    : await password({ message: 'Password' })
  const guest = connect({ url, apiKey: null })
  const first = unwrap(await guest.POST('/api/v1/auth/login', { body: { loginId, password: secret } }))
  const session = 'ticket' in first ? await takeSecondStep(guest, first.ticket, options) : first
  const member = connect({ url, apiKey: null }, session.accessToken)
  const made = unwrap(
    await member.POST('/api/v1/api-keys', { body: { name: `command line on ${hostname()}` } }),
  )
  return made.key
}

async function takeSecondStep(guest: StudioClient, ticket: string, options: LoginOptions) {
  const code =
    options.code ?? (await input({ message: 'Code of your authenticator app, or a recovery code' }))
  return unwrap(await guest.POST('/api/v1/auth/second-step', { body: { ticket, code } }))
}
