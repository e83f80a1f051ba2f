/** The process's side of the thread that computes: calls go in, results, steps and errors come out, a dead one is replaced. */
import { Worker } from 'node:worker_threads'
import type { Work } from '@defect-studio/activities/inference'
import { StudioError } from '@defect-studio/nodes'
import { reviveError, type FromThread, type ToThread } from './messages.ts'

export type ThreadOptions = {
  /** A JavaScript file that calls `serveTools`. */
  file: string
  /** What the file finds as `workerData`. */
  data?: unknown
  /** Most MiB of JavaScript objects (pixels and tensors lie outside); Node's own limit when absent. */
  heapMb?: number
  /** Hears what the thread says of itself. */
  onState?: (state: unknown) => void
  /** Hears why a thread died; the next call starts another one. */
  onCrash?: (error: Error) => void
}

export type Thread = {
  /** Calls a tool of the thread. Rejects with what the tool threw, or with the signal's reason once it has stopped. */
  readonly call: (method: string, input: unknown, work: Work) => Promise<unknown>
  /** Lets the thread let go of what it holds, and waits until it has ended. */
  readonly close: () => Promise<void>
}

type Pending = { work: Work; resolve: (value: unknown) => void; reject: (error: unknown) => void }

/** A healthy thread lets go of its models within seconds; one that hangs in its last step is ended. */
const closeWithinMs = 10_000

/**
 * The thread starts with the first call. When it dies, the calls under way reject with a StudioError 'crashed', or
 * 'out-of-memory' when its heap was full.
 */
export function openThread({ file, data, heapMb, onState, onCrash }: ThreadOptions): Thread {
  const pending = new Map<number, Pending>()
  let worker: Worker | undefined
  let nextId = 0

  function start(): Worker {
    const started = new Worker(file, {
      workerData: data,
      ...(heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMb } }),
    })
    let cause: Error | undefined
    started.on('message', take)
    started.on('error', (error) => (cause = error instanceof Error ? error : new Error(String(error))))
    started.on('exit', (code) => {
      if (worker === started) worker = undefined
      const error = explainDeath(code, cause)
      if (cause !== undefined || pending.size > 0) onCrash?.(error)
      for (const { reject } of pending.values()) reject(error)
      pending.clear()
      onState?.(undefined)
    })
    return started
  }

  function take(message: FromThread): void {
    if (message.kind === 'state') return onState?.(message.state)
    const waiting = pending.get(message.id)
    if (!waiting) return
    if (message.kind === 'step') return waiting.work.onStep(message.step, message.total, message.preview)
    pending.delete(message.id)
    const { signal } = waiting.work
    if (message.kind === 'done') waiting.resolve(message.value)
    else if (message.stopped && signal.aborted) waiting.reject(signal.reason)
    else waiting.reject(reviveError(message.error))
  }

  return {
    async call(method, input, work) {
      work.signal.throwIfAborted()
      const running = (worker ??= start())
      const post = (message: ToThread) => running.postMessage(message)
      const id = nextId++
      const stop = new Int32Array(new SharedArrayBuffer(4))
      const askToStop = () => {
        Atomics.store(stop, 0, 1)
        post({ kind: 'stop', id })
      }
      work.signal.addEventListener('abort', askToStop)
      try {
        return await new Promise((resolve, reject) => {
          pending.set(id, { work, resolve, reject })
          post({ kind: 'call', id, method, input, stop })
        })
      } finally {
        work.signal.removeEventListener('abort', askToStop)
      }
    },
    async close() {
      const ending = worker
      if (!ending) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      const timer = setTimeout(() => void ending.terminate(), closeWithinMs)
      ending.postMessage({ kind: 'end' } satisfies ToThread)
      await ended
      clearTimeout(timer)
    },
  }
}

function explainDeath(code: number, cause: Error | undefined): StudioError {
  if (cause && Reflect.get(cause, 'code') === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new StudioError(
      'out-of-memory',
      'The computing thread ran out of memory. Choose a smaller size.',
      {
        cause,
      },
    )
  }
  const why = cause ? `: ${cause.message}` : ` with code ${code}`
  return new StudioError('crashed', `The thread that computes pictures died${why}.`, { cause })
}
