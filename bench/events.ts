/** `npm run bench -- events`: how long after the commit a reader hears what happened, on a whole studio. */
import { startBenchStudio } from './engine/bench-studio.ts'
import { measureEvents } from './engine/measure-events.ts'
import { round } from './engine/statistics.ts'

const studio = await startBenchStudio()
try {
  // The first ones find cold code.
  await measureEvents(studio, { perRun: 3 })
  const { events, heard, p50, p95, worst } = await measureEvents(studio)
  console.log(
    JSON.stringify({
      ...{ events, events_heard: heard, event_p50_ms: round(p50), event_p95_ms: round(p95) },
      event_worst_ms: round(worst),
    }),
  )
} finally {
  await studio.close()
}
