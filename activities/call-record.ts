/** What is known of the calls of one activity, and how it travels with heartbeats to the next attempt. */
import { isFailureType, type CallEnd, type FailureType } from '@defect-studio/nodes'
import { z } from 'zod'

/**
 * A call that has taken its worker down so often is given up. One crash may be chance, and a machine may be
 * restarted twice during one picture; nothing else tells a picture that kills from a worker that is killed.
 */
export const mostCrashes = 3

/** Characters of JSON. Heartbeats go out several times a second; what does not fit is done again after a crash. */
const largestDetails = 100_000

const End: z.ZodType<CallEnd> = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    failure: z.object({ type: z.custom<FailureType>(isFailureType), message: z.string() }),
    again: z.boolean(),
  }),
])

/** By the calls' places. `crashes`: how often each would have taken its worker down if no more were heard. */
const Details = z.object({
  ends: z.record(z.string(), End),
  crashes: z.record(z.string(), z.int().min(0)),
})

export interface CallRecord {
  /** Earlier attempts have died: which call it was is known only if calls are done one at a time now. */
  readonly hasCrashes: boolean
  endOf(index: number): CallEnd | undefined
  /** How often earlier attempts have died in this call. */
  crashesOf(index: number): number
  begin(index: number): void
  end(index: number, end: CallEnd): void
  /** It did not come to an end, and nobody died of it. */
  leave(index: number): void
  /** The worker's thread died of it; the worker itself goes on. */
  addCrash(index: number): void
  /** What a heartbeat carries. Calls under way are counted as crashes: a process that dies says nothing afterwards. */
  details(): z.input<typeof Details>
  /** The ends of the calls from the first one on, up to the first that has none. */
  firstEnds(): CallEnd[]
}

/** @param details of the last heartbeat of an earlier attempt; undefined at the first. */
export function createCallRecord(details: unknown, count: number): CallRecord {
  const before = Details.safeParse(details).data
  const ends = new Map<number, CallEnd>()
  const sizes = new Map<number, number>()
  const crashes = new Map<number, number>()
  const underWay = new Set<number>()

  const end = (index: number, is: CallEnd) => {
    underWay.delete(index)
    ends.set(index, is)
    sizes.set(index, JSON.stringify(is).length)
  }
  for (const [key, is] of Object.entries(before?.ends ?? {})) if (Number(key) < count) end(Number(key), is)
  for (const [key, times] of Object.entries(before?.crashes ?? {}))
    if (Number(key) < count && times > 0) crashes.set(Number(key), times)
  const crashesOf = (index: number) => crashes.get(index) ?? 0

  return {
    hasCrashes: crashes.size > 0,
    endOf: (index) => ends.get(index),
    crashesOf,
    begin: (index) => void underWay.add(index),
    end,
    leave: (index) => void underWay.delete(index),
    addCrash: (index) => void crashes.set(index, crashesOf(index) + 1),
    details() {
      const carried: Record<string, CallEnd> = {}
      let size = 0
      for (const [index, is] of ends) {
        size += sizes.get(index) ?? 0
        if (size > largestDetails) break
        carried[index] = is
      }
      const counted = [...new Set([...crashes.keys(), ...underWay])]
        .filter((index) => !ends.has(index))
        .map((index) => [String(index), crashesOf(index) + (underWay.has(index) ? 1 : 0)] as const)
      return { ends: carried, crashes: Object.fromEntries(counted) }
    },
    firstEnds() {
      const first: CallEnd[] = []
      for (let index = 0; index < count; index++) {
        const is = ends.get(index)
        if (!is) break
        first.push(is)
      }
      return first
    },
  }
}
