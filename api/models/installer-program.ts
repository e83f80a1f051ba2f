/** Starts the program that installs models and reads its lines: what needs tensors and large files stays out of this process. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { InstallEvent, type InstallerRequest } from '@defect-studio/nodes'
import type { Logger } from 'pino'
import type { ApiConfig } from '../config.ts'

export interface InstallerProcess {
  /** The last event: `done`, `found`, `removed` or `failed`. Never rejects. */
  readonly ended: Promise<InstallEvent>
  acceptLicence(): void
  /** Stops it and deletes what was downloaded. */
  discard(): void
  /** Stops it; a begun download is kept for another try. */
  stop(): void
}

export interface InstallerProgram {
  /** False where only the API is installed: then models are installed elsewhere. */
  isThere(): boolean
  start(request: InstallerRequest, onEvent: (event: InstallEvent) => void): InstallerProcess
}

/** What the program may know of this process's environment: not where the database is, and no secrets but the hub's. */
const passedOn =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|TEMP|TMP|TMPDIR|LANG|DATA_DIR|MODELS_DIR|STUDIO_PYTHON|HF_\w+|\w+_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i

export function createInstallerProgram(
  { modelsProgram: file, modelsFolder }: Pick<ApiConfig, 'modelsProgram' | 'modelsFolder'>,
  env: NodeJS.ProcessEnv,
  log: Logger,
): InstallerProgram {
  const known = Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name)))
  return {
    isThere: () => file !== null && existsSync(file),
    start(request, onEvent) {
      if (file === null) throw new Error('There is no program that installs models.')
      const child = spawn(process.execPath, ['--enable-source-maps', file, JSON.stringify(request)], {
        env: { ...known, ...(modelsFolder === null ? {} : { MODELS_DIR: modelsFolder }) },
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      })
      child.stderr.on('data', (chunk: Buffer) =>
        log.warn({ said: chunk.toString().trim() }, 'models program'),
      )
      // It may have ended when it is told something.
      child.stdin.on('error', () => {})
      let last: InstallEvent | undefined
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => {
        const event = InstallEvent.safeParse(parseJson(line))
        if (!event.success) return
        last = event.data
        onEvent(event.data)
      })
      const ended = new Promise<InstallEvent>((resolve) => {
        const end = () => resolve(endOf(last))
        child.once('error', end)
        child.once('close', end)
      })
      return {
        ended,
        acceptLicence: () => void child.stdin.write('accept\n'),
        discard: () => void child.stdin.write('discard\n'),
        stop: () => void child.stdin.end(),
      }
    },
  }
}

/** Whoever dies before its last word has failed. */
function endOf(last: InstallEvent | undefined): InstallEvent {
  if (last && ['done', 'found', 'removed', 'failed'].includes(last.type)) return last
  return { type: 'failed', code: 'internal', message: 'The installer ended before it was done. See the log.' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
