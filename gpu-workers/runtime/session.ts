/** The only door to ONNX Runtime: opens a model file on the wanted device, and runs it on plain numbers. */
import { StudioError } from '@defect-studio/nodes'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { cpuThreads } from './cpu-threads.ts'
import { fromHalves, toHalves, type Feed, type Tensor, type TensorSpec } from './tensor.ts'

/** Where models run. */
export type ProviderConfig = {
  provider: 'cpu' | 'cuda'
  /** Which CUDA device; 0 is the first. */
  deviceId?: number
  /** CPU threads for one model call; one for each core of the processor when absent. */
  threads?: number
  /** Told of every model call, for whoever measures. */
  onRun?: ((call: ModelCall) => void) | undefined
}

/** One call of ONNX Runtime; `start` and `end` in milliseconds, as of `performance.now()`. */
export type ModelCall = {
  file: string
  /** Shapes by input name. */
  shapes: Record<string, readonly number[]>
  start: number
  end: number
}

/** One loaded model file. Calls block the thread that makes them for as long as the model computes. */
export type OnnxSession = {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
  /** Milliseconds spent inside ONNX Runtime since the session was opened. */
  readonly busyMs: () => number
  /** Feeds by input name, cast to the declared types; the wanted outputs (all when absent) as float32. */
  readonly run: (feeds: Record<string, Feed>, wanted?: readonly string[]) => Promise<Record<string, Tensor>>
  readonly dispose: () => Promise<void>
}

/**
 * Opens an ONNX file; external data files beside it are found by ONNX Runtime itself.
 *
 * @throws StudioError 'provider-unavailable' when the device cannot be used, saying why and what to install;
 *   'model-broken' when the file cannot be read as a model; 'out-of-memory' when it does not fit.
 */
export async function openSession(file: string, config: ProviderConfig): Promise<OnnxSession> {
  const session = await InferenceSession.create(file, {
    executionProviders:
      config.provider === 'cuda' ? [{ name: 'cuda', deviceId: config.deviceId ?? 0 }, 'cpu'] : ['cpu'],
    intraOpNumThreads: config.threads ?? cpuThreads(),
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw explainOpening(error, file, config)
  })
  const inputs = session.inputMetadata.map(toSpec)
  const outputs = session.outputMetadata.map(toSpec)
  let busyMs = 0

  return {
    inputs,
    outputs,
    busyMs: () => busyMs,
    async run(feeds, wanted) {
      const fed: Record<string, OrtTensor> = {}
      for (const spec of inputs) {
        const feed = feeds[spec.name]
        if (!feed)
          throw new StudioError('model-broken', `${file} wants an input "${spec.name}", which nothing gives.`)
        fed[spec.name] = toOrt(spec, feed)
      }
      const start = performance.now()
      const results = await session
        .run(fed, wanted ?? outputs.map((spec) => spec.name))
        .catch((error: unknown) => {
          throw explainRunning(error, file)
        })
      const end = performance.now()
      busyMs += end - start
      config.onRun?.({ file, shapes: mapShapes(fed), start, end })
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(value)]))
    },
    dispose: () => session.release(),
  }
}

function mapShapes(fed: Record<string, OrtTensor>): ModelCall['shapes'] {
  return Object.fromEntries(Object.entries(fed).map(([name, { dims }]) => [name, dims]))
}

function toSpec(metadata: InferenceSession.ValueMetadata): TensorSpec {
  return metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: 'not a tensor', shape: [] }
}

function toOrt(spec: TensorSpec, { data, shape }: Feed): OrtTensor {
  switch (spec.type) {
    case 'float32':
      return new OrtTensor('float32', data instanceof Float32Array ? data : Float32Array.from(data), shape)
    case 'float16':
      // Where the language has Float16Array, onnxruntime-common takes these bits as one by itself.
      return new OrtTensor('float16', toHalves(data), shape)
    case 'float64':
      return new OrtTensor('float64', Float64Array.from(data), shape)
    case 'int32':
      return new OrtTensor('int32', Int32Array.from(data, Math.round), shape)
    case 'int64':
      return new OrtTensor(
        'int64',
        BigInt64Array.from(Array.from(data, (value) => BigInt(Math.round(value)))),
        shape,
      )
    case 'bool':
      return new OrtTensor(
        'bool',
        Uint8Array.from(data, (value) => (value ? 1 : 0)),
        shape,
      )
    default:
      throw new StudioError(
        'model-broken',
        `The input "${spec.name}" has the type ${spec.type}, which is not served.`,
      )
  }
}

function fromOrt(value: OrtTensor): Tensor {
  const shape = value.dims
  const { data, type } = value
  if (data instanceof Float32Array) return { data, shape }
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    return { data: fromHalves(bits), shape }
  }
  if (type === 'string')
    throw new StudioError('model-broken', 'The model answers with text, not with numbers.')
  return { data: Float32Array.from(Array.from(data, Number)), shape }
}

function explainOpening(error: unknown, file: string, config: ProviderConfig): StudioError {
  const why = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(why)) return outOfMemory(file, error)
  if (config.provider === 'cuda' && /shared library|libcu|CUDA|provider|backend/i.test(why)) {
    return new StudioError(
      'provider-unavailable',
      `The CUDA provider of ONNX Runtime cannot be used on device ${config.deviceId ?? 0}: ${why.trim()}. ` +
        'Install it with `ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` (CUDA 12 and cuDNN 9 must be on ' +
        'the library path), or set INFERENCE_PROVIDER=cpu.',
      { cause: error },
    )
  }
  return new StudioError('model-broken', `${file} cannot be opened as an ONNX model: ${why.trim()}`, {
    cause: error,
  })
}

function explainRunning(error: unknown, file: string): StudioError {
  const why = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(why)) return outOfMemory(file, error)
  return new StudioError('model-broken', `${file} failed while it ran: ${why.trim()}`, { cause: error })
}

function outOfMemory(file: string, cause: unknown): StudioError {
  return new StudioError('out-of-memory', `There is not enough memory to run ${file}.`, { cause })
}

function isOutOfMemory(message: string): boolean {
  return /out of memory|bad_alloc|bad allocation|Failed to allocate memory|cudaMalloc|smaller than requested|ALLOC_FAILED/i.test(
    message,
  )
}
