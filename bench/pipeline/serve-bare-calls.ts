/** The other side of the memory figure: the same calls of ONNX Runtime with the same shapes, and nothing around them. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ModelCall, ProviderConfig } from '../../gpu-workers/runtime/session.ts'
import { memorySince, residentMemory } from './messages.ts'

export function serveBareCalls({ provider, threads }: ProviderConfig): void {
  const before = residentMemory()

  async function replay(files: string[], calls: ModelCall[]) {
    const sessions = new Map<string, InferenceSession>()
    for (const file of files) {
      sessions.set(
        file,
        await InferenceSession.create(file, {
          executionProviders: provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
          intraOpNumThreads: threads!,
        }),
      )
    }
    for (const { file, shapes } of calls) {
      const session = sessions.get(file)!
      const feeds = session.inputMetadata.map((spec) => {
        const dims = shapes[spec.name]!
        return [spec.name, randomTensor(spec.isTensor ? spec.type : 'float32', dims)] as const
      })
      await session.run(Object.fromEntries(feeds), [session.outputNames[0]!])
    }
    return memorySince(before)
  }

  process.on('message', ({ files, calls }: { files: string[]; calls: ModelCall[] }) => {
    void replay(files, calls).then(
      (memory) => process.send!(memory),
      (error: unknown) => process.send!({ error: String(error) }),
    )
  })
}

function randomTensor(type: string, dims: readonly number[]): Tensor {
  const count = dims.reduce((product, size) => product * size, 1)
  return type === 'int64'
    ? new Tensor('int64', new BigInt64Array(count).fill(1n), dims)
    : new Tensor(
        'float32',
        Float32Array.from({ length: count }, () => Math.random() - 0.5),
        dims,
      )
}
