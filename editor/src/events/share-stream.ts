/** One stream of events for all tabs of a browser: the tab that gets the lock holds it and tells the others. */
import { deliver, topicsOfThisTab, whenTopicsChange } from './follow-topic.ts'
import { holdStream, type Reached, type StreamHolder } from './hold-stream.ts'
import { holdWhileVisible } from './hold-while-visible.ts'
import { TabMessage } from './tab-message.ts'

/** A tab that does not say within this what it wants is gone. */
const answerWithin = 5_000
const askEvery = 60_000
const tryAgainEvery = 1_500

/**
 * Takes part in the stream of this member until the returned function is called. Without locks, which browsers offer on
 * https and on localhost only, a tab has a stream of its own while it can be seen.
 */
export function shareStream(memberId: string): () => void {
  const stopping = new AbortController()
  if ('locks' in navigator) shareByLock(`defect-studio-events-${memberId}`, stopping.signal)
  else holdWhileVisible(stopping.signal)
  return () => {
    whenTopicsChange(() => {})
    stopping.abort()
  }
}

function shareByLock(name: string, signal: AbortSignal): void {
  const tab = crypto.randomUUID()
  const channel = new BroadcastChannel(name)
  /** What the other tabs follow, as far as they have said. */
  const wants = new Map<string, readonly string[]>()
  /** What the tab before has followed for them, until they had time to say. */
  let inherited: readonly string[] = []
  let reached: Reached | null = null
  let holder: StreamHolder | null = null
  let trying: ReturnType<typeof setInterval> | undefined
  const post = (message: TabMessage) => channel.postMessage(message)
  const sayWants = () => post({ kind: 'want', tab, topics: topicsOfThisTab() })

  channel.onmessage = ({ data }) => {
    const message = TabMessage.safeParse(data)
    // Another tab may show another version of the page.
    if (message.success) hear(message.data)
  }

  function hear(message: TabMessage): void {
    switch (message.kind) {
      case 'want':
        wants.set(message.tab, message.topics)
        return holder?.topicsChanged()
      case 'bye':
        wants.delete(message.tab)
        return holder?.topicsChanged()
      case 'who':
        return sayWants()
      case 'message':
        return deliver(message.message)
      case 'reached':
        clearInterval(trying)
        reached = { lastId: message.lastId, followed: message.followed }
        return
      case 'lost':
        return askToTryAgain()
      case 'try-again':
        return holder?.tryAgain()
    }
  }

  function askToTryAgain(): void {
    clearInterval(trying)
    trying = setInterval(() => {
      if (document.visibilityState === 'visible') post({ kind: 'try-again' })
    }, tryAgainEvery)
  }

  /** Runs in the tab that got the lock, until it is closed. */
  async function hold(): Promise<void> {
    clearInterval(trying)
    inherited = reached?.followed ?? []
    holder = holdStream({
      ...{ reached, signal },
      topics: () => [...new Set([...topicsOfThisTab(), ...[...wants.values()].flat(), ...inherited])],
      onMessage(message) {
        post({ kind: 'message', message })
        deliver(message)
      },
      onReached({ lastId, followed }) {
        post({ kind: 'reached', lastId, followed: [...followed] })
      },
      onLost: () => post({ kind: 'lost' }),
    })
    const asking = setInterval(ask, askEvery)
    ask()
    await holder.ended
    clearInterval(asking)
    holder = null
  }

  /** Tabs that are gone have said goodbye, or do not answer. */
  function ask(): void {
    const silent = new Set(wants.keys())
    const hearing = ({ data }: MessageEvent) => {
      const message = TabMessage.safeParse(data)
      if (message.success && message.data.kind === 'want') silent.delete(message.data.tab)
    }
    channel.addEventListener('message', hearing)
    post({ kind: 'who' })
    setTimeout(() => {
      channel.removeEventListener('message', hearing)
      for (const other of silent) wants.delete(other)
      inherited = []
      holder?.topicsChanged()
    }, answerWithin)
  }

  const comeBack = () => {
    if (document.visibilityState !== 'visible') return
    holder?.tryAgain()
    // A tab that slept may have been taken for gone.
    sayWants()
  }
  const leave = () => post({ kind: 'bye', tab })
  document.addEventListener('visibilitychange', comeBack, { signal })
  window.addEventListener('online', () => holder?.tryAgain(), { signal })
  window.addEventListener('pagehide', leave, { signal })
  signal.addEventListener('abort', () => {
    leave()
    clearInterval(trying)
    channel.close()
  })
  whenTopicsChange(() => {
    sayWants()
    holder?.topicsChanged()
  })
  sayWants()
  navigator.locks.request(name, { signal }, hold).catch(() => undefined)
}
