/** One reader's stream: it follows many topics, which may change while it is open, and misses nothing of any. */
import { randomUUID } from 'node:crypto'
import { type EventPosition, type LoggedEvent, type Change } from '@defect-studio/stores'
import type { RunEvent } from '@defect-studio/nodes'
import type { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import type { EventFollower } from '../run-event-channel.ts'
import type { EventStream } from '../runs/event-stream.ts'
import type { EventMessage } from '../shapes/events.ts'
import type { Studio } from '../studio.ts'
import type { ProgressEvent } from './throttle-progress.ts'
import { readTopicNow } from './read-values.ts'
import { belongsTo, mayFollow, readTopic, type Topic } from './topic.ts'

type Topics = Map<string, Topic>
/** A logged event, or progress, which is not logged. */
type Heard = LoggedEvent | ProgressEvent

/** Every settled step moves the balance: nobody can read it faster than this. */
const betweenValuesMs = 1_000

export class EventFeed implements EventFollower {
  readonly id = randomUUID()
  readonly memberId: string
  readonly #studio: Studio
  readonly #caller: Caller
  readonly #stream: EventStream
  /** Followed: what happens is sent at once. */
  readonly #live: Topics = new Map()
  /** Asked for: what happens is held back until their state was sent. */
  #joining: Topics = new Map()
  #held: Heard[] = []
  #position: EventPosition | null = null
  #changing: Promise<void> = Promise.resolve()
  readonly #values = new Map<string, { sent: string; timer: NodeJS.Timeout | null; again: boolean }>()
  #closed = false

  constructor(studio: Studio, caller: Caller, stream: EventStream) {
    this.memberId = caller.memberId
    this.#studio = studio
    this.#caller = caller
    this.#stream = stream
  }

  /**
   * Follows these topics and no others. Topics that are new get their state first, or, where `since` is given, the
   * events since then.
   */
  follow(names: readonly string[], since: EventPosition | null = null): Promise<void> {
    this.#changing = this.#changing.catch(() => undefined).then(() => this.#change(names, since))
    return this.#changing
  }

  logged(events: readonly LoggedEvent[], position: EventPosition): void {
    const sent = events.filter((event) => this.#hear(event)).length
    if (this.#live.has('tokens') && events.some(({ ownerId }) => ownerId === this.memberId))
      this.refresh('tokens')
    this.#position = position
    if (sent > 0) this.#reached()
  }

  progress(event: ProgressEvent): void {
    this.#hear(event)
  }

  changed(change: Change | null): void {
    const { memberId, departmentId } = change ?? {}
    if (memberId !== undefined && memberId !== this.memberId) return
    if (departmentId !== undefined && departmentId !== this.#caller.departmentId) return
    for (const name of ['tokens', 'reviews'] as const)
      if (change === null || change.topic === name) this.refresh(name)
  }

  /** Keeps the line open, and moves the reader's position on while nothing concerns it. */
  beat(): void {
    this.#stream.comment('beat')
    this.#position = this.#studio.events.position()
    this.#reached()
    this.refresh('tokens')
    this.refresh('reviews')
  }

  send(message: z.input<typeof EventMessage>): void {
    this.#stream.send(message.type, message)
  }

  close(): void {
    this.#closed = true
    for (const { timer } of this.#values.values()) if (timer) clearTimeout(timer)
  }

  /** Sends the value when it has changed, at most once a second. */
  refresh(name: 'tokens' | 'reviews'): void {
    const topic = this.#live.get(name)
    if (!topic || this.#closed) return
    const value = this.#values.get(name) ?? { sent: '', timer: null, again: false }
    this.#values.set(name, value)
    if (value.timer) return void (value.again = true)
    value.timer = setTimeout(() => {
      value.timer = null
      if (value.again) this.refresh(name)
    }, betweenValuesMs)
    value.again = false
    // While the database is away reading fails; the next beat tries again.
    this.#sendState(name, topic).catch(() => undefined)
  }

  async #change(names: readonly string[], since: EventPosition | null): Promise<void> {
    const wanted = new Set(names)
    for (const name of this.#live.keys()) if (!wanted.has(name)) this.#live.delete(name)
    for (const name of wanted) {
      if (this.#live.has(name)) continue
      const topic = readTopic(name)
      if (topic && (await mayFollow(this.#studio.db, this.#caller, topic))) this.#joining.set(name, topic)
      else this.send({ type: 'refused', topic: name })
    }
    try {
      const missed = since && (await this.#studio.events.since(since))
      if (missed) missed.forEach((event) => this.#sendTo(this.#joining, event))
      for (const [name, topic] of this.#joining) {
        const isLogged = topic.kind === 'run' || topic.kind === 'runs'
        if (!isLogged || !missed) await this.#sendState(name, topic)
      }
      const ids = new Set(missed?.map(({ id }) => id))
      for (const event of this.#held)
        if (!('id' in event && ids.has(event.id))) this.#sendTo(this.#joining, event)
      for (const [name, topic] of this.#joining) this.#live.set(name, topic)
    } finally {
      this.#joining = new Map()
      this.#held = []
    }
    this.#reached()
  }

  /** @returns whether something was sent. */
  #hear(heard: Heard): boolean {
    if (this.#joining.size > 0) this.#held.push(heard)
    return this.#sendTo(this.#live, heard)
  }

  #sendTo(topics: Topics, heard: Heard): boolean {
    const event: RunEvent = 'event' in heard ? heard.event : heard
    const mine =
      'event' in heard
        ? [...topics].filter(([, topic]) => belongsTo(heard, topic, this.#caller)).map(([name]) => name)
        : [`runs:${heard.runId}`].filter((name) => topics.has(name))
    if (mine.length > 0) this.send({ type: 'run-event', topics: mine, event })
    return mine.length > 0
  }

  async #sendState(name: string, topic: Topic): Promise<void> {
    const message = await readTopicNow(this.#studio, this.#caller, topic)
    if (!message || this.#closed) return
    const value = this.#values.get(name)
    const text = JSON.stringify(message)
    if (value?.sent === text) return
    if (value) value.sent = text
    this.send(message)
  }

  /** Not while something is held back: whoever comes back here would miss it. */
  #reached(): void {
    if (this.#joining.size > 0 || this.#closed) return
    this.#stream.reached(this.#position ?? this.#studio.events.position())
  }
}
