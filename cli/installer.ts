/** Runs the program that installs models on this machine, and reads what it says. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { InstallEvent, type InstallerRequest } from '@defect-studio/nodes'
import { CommandError, exitCodes } from './exit-codes.ts'

/** What the program was asked for, fulfilled: `done`, `found` or `removed`. */
export type InstallResult = Extract<InstallEvent, { type: 'done' | 'found' | 'removed' }>

interface Listener {
  onEvent(event: InstallEvent): void
  /** Asked after the licence was shown. */
  acceptLicence?(event: Extract<InstallEvent, { type: 'licence' }>): Promise<boolean>
}

/** @throws CommandError with the program's own words when it fails, or when there is no such program */
export async function runInstaller(
  env: NodeJS.ProcessEnv,
  request: InstallerRequest,
  { onEvent, acceptLicence }: Listener,
): Promise<InstallResult> {
  const program = env['STUDIO_MODELS_PROGRAM']
  if (!program || !existsSync(program))
    throw new CommandError(
      exitCodes.usage,
      'Models are installed where the studio is: run `npm run studio -- models …` in its folder, or use the Models page.',
    )
  const child = spawn(process.execPath, ['--enable-source-maps', program, JSON.stringify(request)], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // Ctrl-C reaches the program, too, which then says how it ended.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  child.stdin.on('error', ignore)
  let last: InstallEvent | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const event = InstallEvent.parse(JSON.parse(line))
    last = event
    onEvent(event)
    if (event.type !== 'licence' || event.accepted) continue
    child.stdin.write((await acceptLicence?.(event)) ? 'accept\n' : 'decline\n')
  }
  child.stdin.end()
  process.off('SIGINT', ignore)
  if (last?.type === 'done' || last?.type === 'found' || last?.type === 'removed') return last
  if (last?.type !== 'failed')
    throw new CommandError(exitCodes.runFailed, 'The installer ended without a word.')
  throw new CommandError(last.code === 'cancelled' ? exitCodes.cancelled : exitCodes.refused, last.message)
}
