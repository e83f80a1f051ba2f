/** What the process has really taken: without garbage, and without the room that the language keeps for garbage to come. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collectGarbage: unknown = runInNewContext('gc')

/** Bytes of resident memory, less what is empty in JavaScript's heap, which grows and shrinks by a clock of its own. */
export function takenMemory(): number {
  if (typeof collectGarbage === 'function') Reflect.apply(collectGarbage, undefined, [])
  const { rss, heapTotal, heapUsed } = process.memoryUsage()
  return rss - (heapTotal - heapUsed)
}
