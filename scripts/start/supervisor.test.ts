/** Real child processes: one that dies comes back, all stop in order, and nothing of a killed supervisor stays. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isAlive } from '../process-alive.mjs'
import { openLog } from './log-file.mjs'
import { claimRunFolder, readJson, stopOrphans } from './run-folder.mjs'
import { createSupervisor, restartPause } from './supervisor.mjs'

let folder: string
let supervisor: ReturnType<typeof createSupervisor>
const file = (name: string): string => path.join(folder, name)

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-supervisor-'))
  supervisor = createSupervisor({ componentsFile: file('components.json'), pidsFile: file('pids.json') })
})
afterEach(async () => {
  await supervisor.stop()
  fs.rmSync(folder, { recursive: true })
})

/** A process that says "up", and writes its name to `ends` when it is asked to end. */
function component(name: string): Parameters<typeof supervisor.start>[0] {
  const program = `
    process.on('SIGTERM', () => { fs.appendFileSync(${JSON.stringify(file('ends'))}, '${name} '); process.exit(0) })
    setInterval(() => {}, 1000); console.log('up')`
  return {
    name,
    command: process.execPath,
    args: ['-e', program],
    log: openLog(file(`${name}.log`)),
    readyLine: /up/,
  }
}

const state = (name: string): string | undefined => supervisor.stateOf(name)?.state
const running = (name: string): Promise<void> => vi.waitFor(() => expect(state(name)).toBe('running'), 20_000)

test('a process that is killed runs again, and its state says so', async () => {
  await supervisor.start(component('one'))
  await running('one')
  const pid = supervisor.stateOf('one')!.pid!
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(
    () => expect(supervisor.stateOf('one')).toMatchObject({ state: 'running', restarts: 1 }),
    20_000,
  )
  expect(supervisor.stateOf('one')!.pid).not.toBe(pid)
  expect(readJson(file('components.json'))).toMatchObject([{ name: 'one', restarts: 1, lastExit: 'SIGKILL' }])
})

test('all stop, the last one started first', async () => {
  for (const name of ['one', 'two', 'three']) {
    await supervisor.start(component(name))
    await running(name)
  }
  await supervisor.stop()
  expect(fs.readFileSync(file('ends'), 'utf8')).toBe('three two one ')
  expect(supervisor.states().map((entry) => entry.state)).toEqual(['stopped', 'stopped', 'stopped'])
})

test('a program that does not exist is tried again, not a crash', async () => {
  await supervisor.start({ ...component('none'), command: file('no-such-program') })
  await vi.waitFor(() => expect(state('none')).toBe('restarting'), 20_000)
})

test('pauses double up to half a minute', () => {
  expect([1, 2, 3, 6, 7, 20].map(restartPause)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000])
})

test('processes of a killed supervisor are stopped by the next start, others with a reused id are not', async () => {
  await supervisor.start(component('one'))
  await running('one')
  const pid = supervisor.stateOf('one')!.pid!
  const records = [
    ...(readJson(file('pids.json')) as object[]),
    { name: 'other', pid: process.pid, start: 'long ago' },
  ]
  fs.writeFileSync(file('left.json'), JSON.stringify(records))
  const ended = vi.waitFor(() => expect(supervisor.stateOf('one')!.pid).not.toBe(pid), 20_000)
  expect(await stopOrphans(file('left.json'))).toEqual(['one'])
  await ended
  expect(isAlive(pid)).toBe(false)
})

test('a data folder belongs to one studio at a time', () => {
  const first = claimRunFolder(folder)
  first.announce?.('http://127.0.0.1:8080')
  expect(claimRunFolder(folder)).toEqual({ taken: { pid: process.pid, url: 'http://127.0.0.1:8080' } })
  first.release?.()
  expect(claimRunFolder(folder).taken).toBeUndefined()
})
