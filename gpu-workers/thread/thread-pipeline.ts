/** The pipeline as activities call it, computed on a thread of its own, so that this one goes on beating and listening. */
import type { InferencePipeline, Work } from '@defect-studio/activities/inference'
import type { LoadedModel, ModelList } from '../pipeline/index.ts'
import { openThread } from './open-thread.ts'

export type ThreadPipelineOptions = {
  /** The bundle of `pipeline-thread.ts`. */
  file: string
  /** What `createPipeline` is to be told. */
  data: unknown
  onCrash?: (error: Error) => void
}

export type ThreadPipeline = {
  /** Every tool, computed on the thread. */
  readonly tools: InferencePipeline
  readonly listModels: () => Promise<ModelList>
  /** Loads the model and draws one small picture with it, so that the first person does not wait for that. */
  readonly warmUp: (model: string, signal: AbortSignal) => Promise<void>
  /** The models that the thread holds, as it last said. Never waits for what it computes. */
  readonly loaded: () => LoadedModel[]
  readonly close: () => Promise<void>
}

const silent: Work = { signal: new AbortController().signal, onStep: () => {} }

export function createThreadPipeline({ file, data, onCrash }: ThreadPipelineOptions): ThreadPipeline {
  let loaded: LoadedModel[] = []
  const thread = openThread({
    file,
    data,
    // The border between two threads: what the other side of this room's code has sent.
    onState: (state) => (loaded = (state as LoadedModel[] | undefined) ?? []),
    ...(onCrash ? { onCrash } : {}),
  })
  const tools = new Proxy({} as InferencePipeline, {
    // An object with a `then` would be taken for a promise.
    get: (_target, method) =>
      typeof method === 'string' && method !== 'then'
        ? (input: unknown, work: Work) => thread.call(method, input, work)
        : undefined,
  })
  return {
    tools,
    listModels: () => thread.call('listModels', null, silent) as Promise<ModelList>,
    async warmUp(model, signal) {
      await thread.call('warmUp', model, { ...silent, signal })
    },
    loaded: () => loaded,
    close: thread.close,
  }
}
