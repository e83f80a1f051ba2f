/** What the pages of this tab follow, and handing them what comes. */
import { addressOf, type EventMessage } from './event-message.ts'

export interface Follower {
  /**
   * Called when following begins, and whenever events may have been missed: read the state now. What happens after that
   * reading is heard.
   */
  fresh(): void
  heard?(message: EventMessage): void
}

const followers = new Map<string, Set<Follower>>()
let onChange = (): void => {}

/** Hears of a topic until the returned function is called, whichever tab holds the stream. */
export function followTopic(topic: string, follower: Follower): () => void {
  const set = followers.get(topic) ?? new Set()
  followers.set(topic, set.add(follower))
  if (set.size === 1) onChange()
  follower.fresh()
  return () => {
    set.delete(follower)
    if (set.size > 0 || followers.get(topic) !== set) return
    followers.delete(topic)
    onChange()
  }
}

/** Calls `changed` when the topics of this tab change, in place of whoever was called before. */
export function whenTopicsChange(changed: () => void): void {
  onChange = changed
}

export const topicsOfThisTab = (): string[] => [...followers.keys()]

export function deliver(message: EventMessage): void {
  const { topics, isFresh } = addressOf(message)
  // Once each, also for who follows two topics of one message by the same object.
  const mine = new Set(topics.flatMap((topic) => [...(followers.get(topic) ?? [])]))
  for (const follower of mine)
    if (isFresh) follower.fresh()
    else follower.heard?.(message)
}
