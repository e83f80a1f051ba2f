/**
 * Runs every scenario once and keeps its history for the replay test. Run it after a change of workflow code
 * that is meant to break replay (no such run may be under way): `RECORD_HISTORIES=1 npx vitest run workflows/replay`.
 */
import fs from 'node:fs'
import path from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils'
import { scenario, scenarioNames } from './scenarios.fixtures.ts'
import { startTestStudio } from './studio.fixtures.ts'

export const historiesFolder = path.join(import.meta.dirname, 'histories')

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
      const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as unknown
      fs.writeFileSync(path.join(historiesFolder, `${name}.json`), `${JSON.stringify(history)}\n`)
    } finally {
      await studio.close()
    }
  }
}
