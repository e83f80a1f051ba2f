/** What the bench and the processes that it measures say to each other. */
import type { ModelCall } from '../../gpu-workers/runtime/session.ts'

export type Order = { steps: number; side: number }

/** One picture of the pipeline. Times in milliseconds since the request. */
export type DrawingReport = {
  wall: number
  calls: ModelCall[]
  /** Raw R, G, B bytes. */
  picture: string
  memory: MemoryReport
  cpuSeconds: number
}

/** In MiB: before a model was opened, and the most since then. */
export type MemoryReport = { before: number; peak: number }

const MIB = 2 ** 20

export function residentMemory(): number {
  return process.memoryUsage().rss / MIB
}

export function memorySince(before: number): MemoryReport {
  // Node gives the peak in KiB.
  return { before, peak: process.resourceUsage().maxRSS / 1024 }
}
