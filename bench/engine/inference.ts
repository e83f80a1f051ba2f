/** The bench's end of its inference process: starts it, says how it behaves, hears what it works on. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { BenchStudio } from './bench-studio.ts'
import { type Behaviour, WorkMessage } from './messages.ts'

export interface Inference {
  behave(behaviour: Behaviour): void
  /** Everything heard since the last `forget`, in the order in which it happened. */
  heard: readonly WorkMessage[]
  forget(): void
  /** Resolves with the first message, heard or to come, that fits. */
  wait(fits: (message: WorkMessage) => boolean): Promise<WorkMessage>
  close(): Promise<void>
}

/** Resolves when the process serves the `gpu` queue. */
export async function startInference(studio: BenchStudio, serverId: string): Promise<Inference> {
  const child = fork(process.argv[1] ?? '', ['--role', 'inference'], {
    env: {
      ...process.env,
      API_URL: studio.url,
      TEMPORAL_ADDRESS: studio.temporalAddress,
      WORKER_TOKEN: studio.workerToken,
      SERVER_ID: serverId,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const heard: WorkMessage[] = []
  const waiting = new Set<(message: WorkMessage) => void>()
  child.on('message', (message) => {
    const parsed = WorkMessage.safeParse(message)
    if (!parsed.success) return
    heard.push(parsed.data)
    for (const hear of waiting) hear(parsed.data)
  })
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'serving') resolve()
    })
    child.once('exit', (code) => reject(new Error(`The bench's inference process ended with ${code}.`)))
  })
  // Results of a model are found again only once its digest is known.
  while (!(await studio.db.gpuServer.findUnique({ where: { id: serverId } }))) await wait(50)
  return {
    heard,
    behave: (behaviour) => void child.send(behaviour),
    forget: () => void heard.splice(0),
    wait(fits) {
      const known = heard.find(fits)
      if (known) return Promise.resolve(known)
      return new Promise((resolve) => {
        const hear = (message: WorkMessage) => {
          if (!fits(message)) return
          waiting.delete(hear)
          resolve(message)
        }
        waiting.add(hear)
      })
    },
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      // An open channel would keep the process alive.
      child.disconnect()
      await ended
    },
  }
}
