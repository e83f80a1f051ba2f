/** Runs the `defect-studio` command as a person would, with a configuration of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root, type Studio } from './studio.ts'

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

/** @param input what is typed on standard input, if anything. */
export async function studioCommand(
  studio: Studio,
  args: readonly string[],
  input?: string,
): Promise<CommandResult> {
  const { STUDIO_URL: _url, STUDIO_API_KEY: _key, ...env } = process.env
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    cwd: root,
    env: { ...env, XDG_CONFIG_HOME: join(studio.dataDir, 'cli-config') },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end(input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
