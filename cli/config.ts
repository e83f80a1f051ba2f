/** Where `login` keeps the studio's address and the API key: one file that only its owner can read. */
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { CommandError, exitCodes } from './exit-codes.ts'

const Config = z.object({ url: z.url(), apiKey: z.string().min(1) })
export type Config = z.infer<typeof Config>

export function configFile(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'] ?? env['APPDATA'] ?? join(homedir(), '.config')
  return join(base, 'defect-studio', 'config.json')
}

export async function readConfig(env: NodeJS.ProcessEnv): Promise<Config | null> {
  const file = configFile(env)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const parsed = Config.safeParse(parseJson(text))
  if (!parsed.success)
    throw new CommandError(exitCodes.usage, `${file} is damaged. Run "defect-studio login" to write it anew.`)
  return parsed.data
}

export async function writeConfig(env: NodeJS.ProcessEnv, config: Config): Promise<string> {
  const file = configFile(env)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  await chmod(temporary, 0o600)
  await rename(temporary, file)
  return file
}

export async function removeConfig(env: NodeJS.ProcessEnv): Promise<void> {
  await rm(configFile(env), { force: true })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
