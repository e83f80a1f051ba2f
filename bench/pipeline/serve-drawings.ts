/** One side of the bench: a process that draws through the pipeline as the studio's worker does, and tells what it cost. */
import { createPipeline } from '../../gpu-workers/pipeline/index.ts'
import type { ModelCall, ProviderConfig } from '../../gpu-workers/runtime/session.ts'
import { memorySince, residentMemory, type DrawingReport, type Order } from './messages.ts'

export const DRAWING = {
  prompt: 'a photo of brushed steel with a scratch',
  negativePrompt: 'low quality, blurry',
  guidanceScale: 7.5,
  seed: 42,
}

export function serveDrawings(models: string, provider: ProviderConfig): void {
  let calls: ModelCall[] = []
  const before = residentMemory()
  const pipeline = createPipeline({ modelsDirs: [models], ...provider, onRun: (call) => calls.push(call) })

  async function draw({ steps, side }: Order): Promise<DrawingReport> {
    calls = []
    const cpu = process.cpuUsage()
    const start = performance.now()
    const { seed, ...request } = DRAWING
    const { pictures } = await pipeline.textToImage({
      ...request,
      model: 'bench-unet',
      sampler: 'DDIM',
      seeds: [seed],
      steps,
      width: side,
      height: side,
      onStep: () => undefined,
    })
    const wall = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    return {
      wall,
      calls: calls.map((call) => ({ ...call, start: call.start - start, end: call.end - start })),
      picture: Buffer.from(pictures[0]!.data).toString('base64'),
      memory: memorySince(before),
      cpuSeconds: (user + system) / 1e6,
    }
  }

  process.on('message', (order: Order) => {
    void draw(order).then(
      (report) => process.send!(report),
      (error: unknown) => process.send!({ error: String(error) }),
    )
  })
}
