/** A thread with tools that no pipeline should have: it blocks, throws, dies and fills its heap, so that tests can watch. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Work } from '@defect-studio/activities/inference'
import { StudioError } from '@defect-studio/nodes'
import { serveTools } from './serve-tools.ts'

if (!parentPort) throw new Error('Only as a thread.')
let calls = 0

/** Computes without letting the thread's loop turn, as one call of a model does. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

serveTools(
  parentPort,
  {
    double: async (bytes: Uint8Array) => ({
      bytes: bytes.map((byte) => 2 * byte),
      data: workerData as unknown,
    }),
    async steps({ count, blockMs }: { count: number; blockMs: number }, { onStep, signal }: Work) {
      for (let step = 1; step <= count; step++) {
        block(blockMs)
        onStep(step, count, step === 2 ? 'data:preview' : undefined)
        signal.throwIfAborted()
      }
      return count
    },
    /** Each step blocks the thread until the process has allowed it, as a long call of a model would. */
    async allowedSteps({ count, allowed }: { count: number; allowed: Int32Array }, { onStep, signal }: Work) {
      for (let step = 1; step <= count; step++) {
        while (Atomics.load(allowed, 0) < step) Atomics.wait(allowed, 0, step - 1)
        onStep(step, count)
        signal.throwIfAborted()
      }
    },
    hang: (_input: null, { signal }: Work) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      ),
    refuse: () => Promise.reject(new StudioError('size-mismatch', 'The mask is too small.')),
    unreadable: () => Promise.reject(Object.assign(new Error('Cut off.'), { name: 'ImageProblem' })),
    exit: () => process.exit(3),
    textToImage: () => process.exit(4),
    async uncaught() {
      queueMicrotask(() => {
        throw new Error('nobody catches this')
      })
      await new Promise(() => {})
    },
    async fillHeap() {
      const kept: number[][] = []
      for (;;) kept.push(Array.from({ length: 100_000 }, Math.random))
    },
  },
  { state: () => ({ calls: calls++ === 0 ? 'none' : 'some' }) },
)
