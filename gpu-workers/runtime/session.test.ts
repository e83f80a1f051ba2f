/** What the door to ONNX Runtime promises: casts to the model's own types, and errors that say what to do. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openSession } from './session.ts'

const half = fileURLToPath(new URL('../goldens/half.onnx', import.meta.url))

describe('openSession', () => {
  it('casts plain numbers to float16, int32 and int64, and the answer back', async () => {
    const session = await openSession(half, { provider: 'cpu', threads: 1 })
    expect(session.inputs).toEqual([
      { name: 'half', type: 'float16', shape: ['n'] },
      { name: 'whole', type: 'int32', shape: [1] },
      { name: 'long', type: 'int64', shape: [] },
    ])
    const { sum } = await session.run({
      half: { data: [0.5, -1.25, 3], shape: [3] },
      whole: { data: [10], shape: [1] },
      long: { data: [100], shape: [] },
    })
    expect([...sum!.data]).toEqual([111, 107.5, 116])
    expect(sum!.shape).toEqual([3])
    expect(session.busyMs()).toBeGreaterThan(0)
    await session.dispose()
  })

  it('names an input that nothing gives', async () => {
    const session = await openSession(half, { provider: 'cpu', threads: 1 })
    await expect(session.run({ half: { data: [1], shape: [1] } })).rejects.toThrow('"whole"')
    await session.dispose()
  })

  it('says that memory is short, and computes on when less is asked for', async () => {
    const hungry = fileURLToPath(new URL('../goldens/hungry.onnx', import.meta.url))
    const session = await openSession(hungry, { provider: 'cpu', threads: 1 })
    // 4 TiB: more than any machine that runs this test has, and refused at once.
    const asking = session.run({ count: { data: [2 ** 40], shape: [1] } })
    await expect(asking).rejects.toMatchObject({ type: 'out-of-memory' })
    const { zeros } = await session.run({ count: { data: [3], shape: [1] } })
    expect(zeros!.shape).toEqual([3])
    await session.dispose()
  })

  it('says which file is no model', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'session-')), 'model.onnx')
    await writeFile(file, 'half a downl')
    const opening = openSession(file, { provider: 'cpu' })
    await expect(opening).rejects.toMatchObject({ type: 'model-broken' })
    await expect(opening).rejects.toThrow(file)
  })

  it('says what to install when the CUDA provider is not there', async () => {
    const opening = openSession(half, { provider: 'cuda', deviceId: 0 })
    await opening.then(
      (session) => session.dispose(), // a machine with CUDA: nothing to say
      (error: unknown) => {
        expect(error).toMatchObject({ type: 'provider-unavailable' })
        expect(String(error)).toContain('ONNXRUNTIME_NODE_INSTALL=cuda12')
      },
    )
  })
})
