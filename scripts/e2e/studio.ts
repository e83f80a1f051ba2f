/** Starts the whole studio as `npm start` does, in a folder of its own, for tests that need the real thing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

export const root = join(import.meta.dirname, '../..')

const Components = z.array(
  z.object({ name: z.string(), state: z.string(), pid: z.number().nullish(), restarts: z.number() }),
)
export type Components = z.infer<typeof Components>

export const owner = { loginId: 'owner', password: 'correct horse battery', email: 'owner@example.com' }

export interface Studio {
  url: string
  dataDir: string
  process: ChildProcess
  /** Everything that `npm start` printed so far. */
  output(): string
  components(): Promise<Components>
  /** Ctrl-C, then waits until the supervisor has ended; resolves with its exit code. */
  stop(): Promise<number | null>
}

/** Long enough to install and to build the Temporal server on a new machine. */
const startedWithinMs = 12 * 60_000

/**
 * Resolves once the studio says where it is. The owner exists already unless `withoutOwner` is set.
 * @param options.env added to the environment of every process.
 */
export async function startStudio(
  options: { withoutOwner?: boolean; env?: Record<string, string> } = {},
): Promise<Studio> {
  const dataDir = await mkdtemp(join(tmpdir(), 'studio-e2e-'))
  const child = spawn(
    process.execPath,
    [join(root, 'scripts/start.mjs'), '--data', dataDir, '--port', String(await freePort())],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...withoutStudioVariables(process.env),
        ...(options.withoutOwner
          ? {}
          : { OWNER_LOGIN_ID: owner.loginId, OWNER_PASSWORD: owner.password, OWNER_EMAIL: owner.email }),
        ...options.env,
      },
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const announced = join(dataDir, 'run', 'studio.json')
  const until = Date.now() + startedWithinMs
  for (;;) {
    const url = await readUrl(announced)
    if (url)
      return {
        url,
        dataDir,
        process: child,
        output: () => printed,
        components: async () =>
          Components.parse(JSON.parse(await readFile(join(dataDir, 'run', 'components.json'), 'utf8'))),
        stop: async () => {
          if (child.exitCode === null && child.signalCode === null) {
            const ended = once(child, 'exit')
            child.kill('SIGINT')
            await ended
          }
          await rm(dataDir, { recursive: true, force: true })
          return child.exitCode
        },
      }
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${printed}`)
    if (Date.now() > until) throw new Error(`npm start is not ready:\n${printed}`)
    await wait(200)
  }
}

async function readUrl(file: string): Promise<string | null> {
  try {
    return z.object({ url: z.url() }).parse(JSON.parse(await readFile(file, 'utf8'))).url
  } catch {
    return null
  }
}

/** What a person's own shell may have set must not change what is tested. */
function withoutStudioVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _d,
    TEMPORAL_ADDRESS: _t,
    STUDIO_URL: _u,
    STUDIO_API_KEY: _k,
    VITEST: _v,
    NODE_ENV: _n,
    ...rest
  } = env
  return rest
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('No free port.')
  return address.port
}
