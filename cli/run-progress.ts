/** Shows a run on the terminal: one line for each node, rewritten on a terminal, appended elsewhere. */
import type { NodeRunState, RunEvent } from '@defect-studio/nodes'
import { createLogUpdate } from 'log-update'
import type { RunDetail } from './follow-run.ts'

interface Line {
  title: string
  state: NodeRunState
  itemsDone: number
  itemsTotal: number
  step: string
}

const marks: Record<NodeRunState, string> = {
  queued: '·',
  holding: '·',
  running: '▸',
  cached: '✓',
  succeeded: '✓',
  failed: '✗',
  skipped: '-',
  cancelled: '-',
}

export class RunProgress {
  readonly #lines = new Map<string, Line>()
  readonly #stream: NodeJS.WriteStream
  readonly #update: ReturnType<typeof createLogUpdate> | null

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#update = stream.isTTY ? createLogUpdate(stream) : null
  }

  snapshot(run: RunDetail): void {
    for (const node of run.nodeRuns)
      this.#set(node.nodeId, {
        title: `${node.nodeId} (${node.type})`,
        state: node.state,
        itemsDone: node.itemsDone,
        itemsTotal: node.itemsTotal,
        step: '',
      })
    this.#draw()
  }

  event(event: RunEvent): void {
    if (event.type === 'run-status') return
    const line = this.#lines.get(event.nodeId)
    if (!line) return
    if (event.type === 'node-run-progress')
      this.#set(event.nodeId, { ...line, step: event.total > 1 ? ` ${event.step}/${event.total}` : '' })
    else
      this.#set(event.nodeId, {
        ...line,
        state: event.state,
        itemsDone: event.itemsDone,
        itemsTotal: event.itemsTotal,
        step: event.state === 'running' ? line.step : '',
      })
    this.#draw()
  }

  note(text: string): void {
    if (this.#update) {
      this.#update.clear()
      this.#stream.write(`${text}\n`)
      this.#draw()
    } else this.#stream.write(`${text}\n`)
  }

  end(): void {
    this.#update?.done()
  }

  #set(nodeId: string, line: Line): void {
    const before = this.#lines.get(nodeId)
    this.#lines.set(nodeId, line)
    const changed = before?.state !== line.state || before.itemsDone !== line.itemsDone
    // Without a terminal each change is one line; the queue's states are not news there.
    if (!this.#update && changed && line.state !== 'queued' && line.state !== 'holding')
      this.#stream.write(`${describe(line)}\n`)
  }

  #draw(): void {
    this.#update?.([...this.#lines.values()].map(describe).join('\n'))
  }
}

function describe(line: Line): string {
  const items = line.itemsTotal > 1 ? ` ${line.itemsDone}/${line.itemsTotal}` : ''
  return `${marks[line.state]} ${line.title}: ${line.state}${items}${line.step}`
}
