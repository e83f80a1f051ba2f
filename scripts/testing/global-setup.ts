/** Vitest's global set-up: one host process that starts the real servers on the first test that needs them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    testServicesUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = spawn(process.execPath, [path.join(import.meta.dirname, 'service-host.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: process.platform !== 'win32',
  })
  const lines = createInterface({ input: host.stdout })
  const [port] = (await once(lines, 'line')) as [string]
  project.provide('testServicesUrl', `http://127.0.0.1:${port}`)
  return async () => {
    const ended = once(host, 'exit')
    host.stdin.end()
    await ended
  }
}
