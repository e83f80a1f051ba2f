/** Shows an installation on the terminal: one line that is rewritten, or one for each step where nothing is rewritten. */
import type { InstallEvent, InstallStep } from '@defect-studio/nodes'
import { createLogUpdate } from 'log-update'
import { printable } from './printable.ts'

const verbs: Record<InstallStep, string> = {
  look: 'Looking at',
  copy: 'Copying',
  unpack: 'Unpacking',
  download: 'Downloading',
  check: 'Checking',
  convert: 'Converting',
  try: 'Loading',
  hash: 'Hashing',
}

export class InstallProgress {
  readonly #stream: NodeJS.WriteStream
  readonly #update: ReturnType<typeof createLogUpdate> | null
  #step: InstallStep | null = null

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#update = stream.isTTY ? createLogUpdate(stream) : null
  }

  event(event: InstallEvent): void {
    if (event.type === 'note') this.note(event.text)
    if (event.type === 'licence')
      this.note(
        `Licence: ${event.licence ?? 'not named'}, see ${event.url}\n${megabytes(event.bytes)} to download.`,
      )
    if (event.type !== 'step') return
    if (this.#update) this.#update(describe(event))
    else if (event.step !== this.#step) this.#stream.write(`${describe(event)}\n`)
    this.#step = event.step
  }

  note(text: string): void {
    this.#update?.clear()
    this.#stream.write(`${text.split('\n').map(printable).join('\n')}\n`)
  }

  end(): void {
    this.#update?.clear()
    this.#update?.done()
  }
}

function describe({ step, what, done, total, unit }: Extract<InstallEvent, { type: 'step' }>): string {
  const part =
    total === 0
      ? ''
      : unit === 'bytes'
        ? `, ${megabytes(done)} of ${megabytes(total)}`
        : `, ${done} of ${total}`
  return `${verbs[step]} ${printable(what)}${part}`
}

export const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
