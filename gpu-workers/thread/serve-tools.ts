/** The thread's side: it does what it is called for, tells each step, and looks between steps whether to stop. */
import type { MessagePort } from 'node:worker_threads'
import type { Work } from '@defect-studio/activities/inference'
import { toPlainError, type FromThread, type ToThread } from './messages.ts'

/** What a thread can be called for. Inputs and results are plain data; bytes of a result are handed over, not copied. */
export type Tools = { readonly [method: string]: (input: never, work: Work) => Promise<unknown> }

export type Serving = {
  /** What the thread says of itself; told whenever it has changed at the begin, a step or the end of a call. */
  state?: (() => unknown) | undefined
  /** Lets go of everything when the thread is told to end. */
  dispose?: (() => Promise<void>) | undefined
}

/** Serves calls until it is told to end, and then closes the port. */
export function serveTools(port: MessagePort, tools: Tools, { state, dispose }: Serving = {}): void {
  const working = new Map<number, AbortController>()
  const post = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  let told = ''

  function tellState(): void {
    const now = state?.()
    const text = JSON.stringify(now) ?? ''
    if (text === told) return
    told = text
    post({ kind: 'state', state: now })
  }

  async function work({ id, method, input, stop }: ToThread & { kind: 'call' }): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    working.set(id, controller)
    const stopIfAsked = () => {
      if (Atomics.load(stop, 0) !== 0 && !signal.aborted) controller.abort()
    }
    try {
      const tool = tools[method]
      if (!tool) throw new Error(`The thread has no tool "${method}".`)
      stopIfAsked()
      signal.throwIfAborted()
      const value = await tool(input as never, {
        signal,
        onStep(step, total, preview) {
          stopIfAsked()
          post({ kind: 'step', id, step, total, preview })
          tellState()
        },
      })
      tellState()
      post({ kind: 'done', id, value }, buffersOf(value))
    } catch (error) {
      tellState()
      const stopped = signal.aborted && error === signal.reason
      post({ kind: 'failed', id, error: toPlainError(error), stopped })
    } finally {
      working.delete(id)
    }
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'call') void work(message)
    else if (message.kind === 'stop') working.get(message.id)?.abort()
    else void (dispose?.() ?? Promise.resolve()).finally(() => port.close())
  })
}

/** The buffers of all bytes in a result that nothing else uses a part of: they move instead of being copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) found.add(buffer)
  } else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) buffersOf(part, found)
  return [...found]
}
