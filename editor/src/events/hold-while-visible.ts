/** Where tabs cannot agree on one: a stream for each tab that can be seen, which are few. */
import { deliver, topicsOfThisTab, whenTopicsChange } from './follow-topic.ts'
import { holdStream, type Reached, type StreamHolder } from './hold-stream.ts'

export function holdWhileVisible(signal: AbortSignal): void {
  let reached: Reached | null = null
  let hiding = new AbortController()
  let holder: StreamHolder | null = null

  function look(): void {
    if (document.visibilityState === 'hidden') {
      hiding.abort()
      holder = null
      return
    }
    hiding = holder ? hiding : new AbortController()
    holder ??= holdStream({
      reached,
      topics: topicsOfThisTab,
      onMessage: deliver,
      onReached: (now) => (reached = now),
      onLost: () => undefined,
      signal: AbortSignal.any([signal, hiding.signal]),
    })
  }

  whenTopicsChange(() => holder?.topicsChanged())
  document.addEventListener('visibilitychange', look, { signal })
  look()
}
