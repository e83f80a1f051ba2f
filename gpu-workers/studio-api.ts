/** What a GPU host tells the studio beside artifacts: that it is there, what it has, and how far its work is. */
import type { ReportProgress } from '@defect-studio/activities/inference'
import type { ModelKind } from '@defect-studio/nodes'
import type { Logger } from 'pino'
import type { AttentionForm } from './models/attention-form.ts'
import type { LoadedModel } from './pipeline/index.ts'

interface Registration {
  serverId: string
  name: string
  provider: string
  device: string
  memoryMb: number
  version: string
  models: {
    id: string
    title: string
    kind: ModelKind
    channels: number | null
    note: string | null
    licence: string | null
    bytes: number
    digest: string
    attention: AttentionForm | null
  }[]
  loaded: LoadedModel[]
}

export interface StudioApiOptions {
  apiUrl: string
  workerToken: string
  log: Logger
  serverId: string
  /** Read anew for every registration: models may have been added since. */
  describe(): Promise<Omit<Registration, 'serverId' | 'loaded'>>
  /** What is in memory, told with each beat. */
  loaded?: () => LoadedModel[]
  /** Milliseconds that the device has worked since this process began, told with each beat. */
  busyMs?: () => number
  /** Between two beats; the API calls a server gone after 30 s. */
  beatMs?: number
}

export interface StudioApi {
  reportProgress: ReportProgress
  /**
   * Registers and goes on beating until the signal aborts; an API that is away is asked again and again. At each beat it
   * looks whether models came or went, and registers anew when they did.
   */
  stayRegistered(stop: AbortSignal): Promise<void>
}

export function createStudioApi({
  apiUrl,
  workerToken,
  log,
  serverId,
  describe,
  loaded = () => [],
  busyMs = () => 0,
  beatMs = 10_000,
}: StudioApiOptions): StudioApi {
  async function post(path: string, body: unknown): Promise<Response> {
    const answer = await fetch(new URL(`/api/v1/worker/${path}`, apiUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${workerToken}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    if (answer.ok) await answer.body?.cancel()
    return answer
  }

  /** The models as they were registered last. */
  let registered = ''
  let isLooking = false

  /** Not waited for: a checkpoint that somebody copied here is read whole once, and beats must go on. */
  function lookForChanges(onChange: () => void): void {
    if (isLooking) return
    isLooking = true
    describe()
      .then(({ models }) => {
        if (JSON.stringify(models) !== registered) onChange()
      })
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'the models could not be looked at'))
      .finally(() => (isLooking = false))
  }

  /** @returns whether the server is known to the studio now. */
  async function register(): Promise<boolean> {
    const registration: Registration = { serverId, ...(await describe()), loaded: loaded() }
    const answer = await post('register', registration)
    if (answer.ok) {
      registered = JSON.stringify(registration.models)
      const models = registration.models.map(({ id }) => id)
      log.info({ serverId, models }, 'registered with the studio')
      return true
    }
    const text = (await answer.text()).slice(0, 500)
    log.warn(
      { status: answer.status, answer: text },
      'the studio refused this server; check WORKER_TOKEN and SERVER_ID',
    )
    return false
  }

  async function beat(): Promise<boolean> {
    const answer = await post('beat', { serverId, loaded: loaded(), busyMs: busyMs() })
    if (!answer.ok) await answer.body?.cancel()
    // 404: the studio has forgotten this server, as after a reset.
    return answer.status !== 404
  }

  return {
    reportProgress(progress) {
      // A page that misses a step sees the next one; work never waits for it.
      post('progress', progress)
        .then((answer) => answer.body?.cancel())
        .catch((error: unknown) =>
          log.debug({ reason: reasonOf(error), runId: progress.runId }, 'progress was lost'),
        )
    },
    async stayRegistered(stop) {
      let known = false
      while (!stop.aborted) {
        const changed = new AbortController()
        try {
          known = known ? await beat() : await register()
          lookForChanges(() => {
            known = false
            changed.abort()
          })
        } catch (error) {
          log.warn({ reason: reasonOf(error), api: apiUrl }, 'the studio is away; asking again')
        }
        // The first registration is waited for by people who have just started the studio.
        await pause(known ? beatMs : Math.min(beatMs, 1000), AbortSignal.any([stop, changed.signal]))
      }
    },
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    stop.addEventListener('abort', done)
  })
}

/** `fetch` hides why it failed in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
