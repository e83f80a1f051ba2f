/** One open line of server-sent events to one reader. */
import { type EventPosition, writePosition } from '@defect-studio/stores'
import type { Response } from 'express'

/** A reader who is so far behind is gone or stuck; on the next connection it goes on where it stopped. */
const mostWaitingBytes = 4 * 1024 * 1024

export class EventStream {
  readonly #response: Response

  constructor(response: Response) {
    this.#response = response
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'keep-alive',
      // nginx would collect the events until its buffer is full.
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
  }

  send(event: string, data: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** Everything up to here was sent: the reader names it in Last-Event-ID when it comes back. */
  reached(position: EventPosition): void {
    this.#write(`id: ${writePosition(position)}\n\n`)
  }

  comment(text: string): void {
    this.#write(`: ${text}\n\n`)
  }

  end(): void {
    if (!this.#response.writableEnded) this.#response.end()
  }

  /** Resolves when either side has closed the line; `closing` closes it from ours. */
  async ended(closing: AbortSignal): Promise<void> {
    const end = () => this.end()
    closing.addEventListener('abort', end)
    if (closing.aborted) this.end()
    try {
      if (!this.#response.closed) await new Promise((resolve) => this.#response.once('close', resolve))
    } finally {
      closing.removeEventListener('abort', end)
    }
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#response.write(text)
    if (this.#response.writableLength > mostWaitingBytes) this.#response.destroy()
  }
}
