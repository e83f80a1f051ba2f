/** Lets the language free what nobody holds any more, so that memory is looked at and not its timing. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collect: unknown = runInNewContext('gc')

export function collectGarbage(): void {
  if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
}
