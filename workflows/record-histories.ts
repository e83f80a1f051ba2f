/**
 * Runs every scenario once and keeps its history for the replay test. Run it after a change of workflow code
 * that is meant to break replay (no such run may be under way): `RECORD_HISTORIES=1 npx vitest run workflows/replay`.
 */
import fs from 'node:fs'
import path from 'node:path'
import { temporal } from '@temporalio/proto'
import { scenario, scenarioNames } from './scenarios.fixtures.ts'
import { startTestStudio } from './studio.fixtures.ts'

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
  for (const name of scenarioNames) {
    const { graph, stubs, cancelAt } = scenario(name)
    const studio = await startTestStudio(stubs)
    try {
      const { handle } = await studio.start(graph)
      if (cancelAt) {
        await cancelAt
        await handle.cancel()
      }
      await handle.result().catch(() => {})
      writeHistory(name, await handle.fetchHistory())
    } finally {
      await studio.close()
    }
  }
}
