/** The one stream of a browser, in the tab that holds it: opened anew when lost, with the topics that all tabs want. */
import { answer, api, ApiError } from '../api/client.ts'
import { readEvents } from '../api/event-stream.ts'
import { EventMessage } from './event-message.ts'

export interface Reached {
  lastId: string
  /** The topics of which everything up to `lastId` was told. */
  followed: readonly string[]
}

export interface StreamHolder {
  /** The topics of all tabs changed. */
  topicsChanged(): void
  /** Does not wait any longer before the next attempt. */
  tryAgain(): void
  /** Resolves when it has been stopped. */
  ended: Promise<void>
}

interface HoldOptions {
  /** Where the stream before stopped, in this tab or another. */
  reached: Reached | null
  /** What the tabs follow now. */
  topics(): readonly string[]
  onMessage(message: EventMessage): void
  onReached(reached: Reached): void
  /** Not when the studio refuses: to ask again soon would change nothing. */
  onLost(): void
  signal: AbortSignal
}

const shortestWait = 500
const longestWait = 15_000
/** As many as the studio follows for one stream. */
const mostTopics = 100

export function holdStream(options: HoldOptions): StreamHolder {
  const { signal } = options
  let reached = options.reached
  /** What the open stream follows. */
  let followed: readonly string[] = []
  let streamId: string | null = null
  let reopen = new AbortController()
  let wake = () => {}
  let changing: Promise<void> = Promise.resolve()
  const wanted = () => [...options.topics()].slice(0, mostTopics)

  async function open(): Promise<void> {
    reopen = new AbortController()
    // Only what was followed before can go on; what is new is asked for when the stream is open.
    followed = reached?.followed ?? wanted()
    const path = `/api/v1/events?topics=${followed.map(encodeURIComponent).join()}`
    const take = ({ event, data, id }: { event: string | null; data: string; id: string | null }) => {
      if (event !== null) hear(data)
      if (id === null) return
      reached = { lastId: id, followed }
      options.onReached(reached)
    }
    const stop = AbortSignal.any([signal, reopen.signal])
    await readEvents(path, take, { lastId: reached?.lastId ?? null, signal: stop }).finally(
      () => (streamId = null),
    )
  }

  function hear(data: string): void {
    const message = EventMessage.safeParse(JSON.parse(data))
    // A newer studio may say what this page does not know.
    if (!message.success) return
    if (message.data.type === 'opened') {
      streamId = message.data.streamId
      topicsChanged()
    } else options.onMessage(message.data)
  }

  function topicsChanged(): void {
    changing = changing.then(changeOnce)
  }

  async function changeOnce(): Promise<void> {
    const topics = wanted()
    const id = streamId
    if (id === null || signal.aborted || isSame(topics, followed)) return
    try {
      await answer(
        api.POST('/api/v1/events/{id}/topics', { params: { path: { id } }, body: { topics }, signal }),
      )
      if (id === streamId) followed = topics
    } catch {
      // The stream is not what we take it for, or the studio is away: either way it is opened anew.
      if (id === streamId) reopen.abort()
    }
  }

  async function keepOpen(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const since = Date.now()
      let isRefused = false
      await open().catch((error: unknown) => {
        isRefused = error instanceof ApiError && error.status < 500
      })
      if (signal.aborted) return
      if (!isRefused) options.onLost()
      // A stream that was open for a while was lost by accident; one that does not open is not asked for at once.
      failures = Date.now() - since > 5_000 ? 0 : failures + 1
      const wait = isRefused ? longestWait : Math.min(longestWait, shortestWait * 2 ** failures)
      // Not all browsers come back in the same moment after a restart.
      await sleep(wait * (0.5 + Math.random() / 2))
    }
  }

  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  signal.addEventListener('abort', () => wake())
  return { topicsChanged, tryAgain: () => wake(), ended: keepOpen() }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((topic) => b.includes(topic))
