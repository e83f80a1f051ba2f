/** Starts the processes that are measured; each answers one order at a time. */
import { fork, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Side<Question, Answer> = {
  readonly ask: (question: Question) => Promise<Answer>
  readonly end: () => void
}

/** This very program in another role: a process of its own, so that its memory is its own. */
export function startSelf<Question extends object, Answer>(args: string[]): Side<Question, Answer> {
  const child = fork(process.argv[1]!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        child.once('message', (answer: Answer | { error: string }) => {
          child.off('exit', died)
          if (typeof answer === 'object' && answer !== null && 'error' in answer)
            reject(new Error(answer.error))
          // The other end is this program: what it sends has this type.
          else resolve(answer)
        })
        const died = (code: number | null) => reject(new Error(`A measured process ended with ${code}.`))
        child.once('exit', died)
        child.send(question)
      }),
    end: () => child.kill(),
  }
}

export type ReferenceDrawing = { wall: number; cpuSeconds: number; picture: string }

/** diffusers, in Python. */
export function startReference(
  python: string,
  checkpoint: string,
  device: string,
  threads: number,
): Side<object, ReferenceDrawing> {
  const script = fileURLToPath(new URL('reference.py', import.meta.url))
  const child = spawn(python, [script, checkpoint, device, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]()
  return {
    async ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error('The diffusers process ended; what it said is above.')
      return JSON.parse(value) as ReferenceDrawing
    },
    end: () => child.kill(),
  }
}
