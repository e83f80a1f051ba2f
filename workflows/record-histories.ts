/**
 * Runs every scenario once and keeps its histories for the replay test. Run it after a change of workflow code
 * that is meant to break replay (no such run may be under way): `RECORD_HISTORIES=1 npx vitest run workflows/replay`.
 */
import fs from 'node:fs'
import path from 'node:path'
import { temporal } from '@temporalio/proto'
import { scenarios } from './scenarios.fixtures.ts'
import { startTestStudio, type TestStudio } from './studio.fixtures.ts'

export const historiesFolder = path.join(import.meta.dirname, 'histories')

const { History } = temporal.api.history.v1
type History = temporal.api.history.v1.IHistory

export function readHistory(name: string): History {
  return History.fromObject(JSON.parse(fs.readFileSync(fileOf(name), 'utf8')) as Record<string, unknown>)
}

/** Protobuf's plain objects as JSON: longs and enums as text, bytes in base 64. */
function writeHistory(name: string, history: History): void {
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String })
  // Stack traces name files by where this clone lies, which is nobody's business.
  const root = path.join(import.meta.dirname, '..', path.sep)
  fs.writeFileSync(fileOf(name), `${JSON.stringify(plain).replaceAll(root, '')}\n`)
}

const fileOf = (name: string) => path.join(historiesFolder, `${name}.json`)

export async function recordHistories(): Promise<void> {
  for (const file of fs.readdirSync(historiesFolder)) fs.rmSync(path.join(historiesFolder, file))
  for (const { play, stubs } of scenarios) {
    // The activities of a scenario look into the books of the studio that is made with them.
    const made: TestStudio[] = []
    const at = () => made.find(() => true) ?? stop('The studio has not been started.')
    const studio = await startTestStudio(stubs?.(at))
    made.push(studio)
    try {
      for (const [name, handle] of await play(studio)) writeHistory(name, await handle.fetchHistory())
    } finally {
      await studio.close()
    }
  }
}

function stop(reason: string): never {
  throw new Error(reason)
}
