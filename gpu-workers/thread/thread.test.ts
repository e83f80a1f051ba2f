/** The thread's promises: bytes and errors arrive as they were, work stops within a step, a death is told and survived. */
import type { Work } from '@defect-studio/activities/inference'
import { StudioError } from '@defect-studio/nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openThread, type Thread } from './open-thread.ts'
import { bundleThread } from './thread.fixtures.ts'

let bundle: Awaited<ReturnType<typeof bundleThread>>
let thread: Thread
const states: unknown[] = []
const crashes: string[] = []
beforeAll(async () => {
  bundle = await bundleThread('gpu-workers/thread/odd-tools.fixtures.ts')
  thread = openThread({
    file: bundle.file,
    data: { colour: 'red' },
    heapMb: 64,
    onState: (state) => states.push(state),
    onCrash: ({ message }) => crashes.push(message),
  })
})
afterAll(async () => {
  await thread.close()
  bundle.remove()
})

const work = (own: Partial<Work> = {}): Work => ({
  signal: new AbortController().signal,
  onStep: () => {},
  ...own,
})

describe('a thread', () => {
  it('takes bytes and gives bytes, and leaves the caller’s own untouched', async () => {
    const given = Uint8Array.of(1, 2, 3)
    const answer = await thread.call('double', given, work())
    expect(answer).toEqual({ bytes: Uint8Array.of(2, 4, 6), data: { colour: 'red' } })
    expect([...given]).toEqual([1, 2, 3])
  })

  it('tells each step and its preview, and the process goes on meanwhile', async () => {
    const steps: string[] = []
    let turns = 0
    const turning = setInterval(() => turns++, 5)
    const onStep = (step: number, total: number, preview?: string) =>
      void steps.push(`${step}/${total} ${preview ?? ''}`.trim())
    expect(await thread.call('steps', { count: 3, blockMs: 60 }, work({ onStep }))).toBe(3)
    clearInterval(turning)
    expect(steps).toEqual(['1/3', '2/3 data:preview', '3/3'])
    expect(turns).toBeGreaterThan(3)
  })

  it('stops within one step although it computes all the time', async () => {
    const stop = new AbortController()
    const allowed = new Int32Array(new SharedArrayBuffer(4))
    const allow = (step: number) => {
      Atomics.store(allowed, 0, step)
      Atomics.notify(allowed, 0)
    }
    const steps: number[] = []
    const onStep = (step: number) => {
      steps.push(step)
      if (step === 2) stop.abort(new Error('stopped by hand'))
      allow(step + 1)
    }
    const working = thread.call('allowedSteps', { count: 50, allowed }, work({ signal: stop.signal, onStep }))
    allow(1)
    await expect(working).rejects.toThrow('stopped by hand')
    // The third was under way.
    expect(steps).toEqual([1, 2, 3])
  })

  it('wakes work that waits when it is stopped, and refuses what is stopped already', async () => {
    const stop = new AbortController()
    const hanging = thread.call('hang', null, work({ signal: stop.signal }))
    stop.abort(new Error('enough'))
    await expect(hanging).rejects.toThrow('enough')
    await expect(thread.call('hang', null, work({ signal: stop.signal }))).rejects.toThrow('enough')
  })

  it('gives errors back with their type and their name', async () => {
    const refused: unknown = await thread.call('refuse', null, work()).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StudioError)
    expect(refused).toMatchObject({ type: 'size-mismatch', message: 'The mask is too small.' })
    await expect(thread.call('unreadable', null, work())).rejects.toMatchObject({ name: 'ImageProblem' })
    await expect(thread.call('paint', null, work())).rejects.toThrow('no tool "paint"')
  })

  it('tells its state when it has changed', () => {
    expect(states).toEqual([{ calls: 'none' }, { calls: 'some' }])
  })

  it.each([
    ['exit', 'crashed', 'with code 3'],
    ['uncaught', 'crashed', 'nobody catches this'],
    ['fillHeap', 'out-of-memory', 'out of memory'],
  ])('says why it died (%s), and another one takes its place', async (tool, type, message) => {
    const hanging = thread.call('hang', null, work())
    const dying = thread.call(tool, null, work())
    await expect(hanging).rejects.toMatchObject({ type })
    await expect(dying).rejects.toMatchObject({ type, message: expect.stringContaining(message) as string })
    expect(crashes.at(-1)).toContain(message)
    expect(states.at(-1)).toBeUndefined()
    expect(await thread.call('steps', { count: 1, blockMs: 0 }, work())).toBe(1)
  })
})
