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
    if (!this.#update && isNews(before, line)) this.#stream.write(`${describe(line)}\n`)
  }

  #draw(): void {
    this.#update?.([...this.#lines.values()].map(describe).join('\n'))
  }
}

/** Without a terminal: a node that ends, and every tenth of a folder. */
function isNews(before: Line | undefined, line: Line): boolean {
  if (line.state === 'queued' || line.state === 'holding') return false
  if (line.state !== 'running') return before?.state !== line.state
  const tenth = (one: Line | undefined) =>
    Math.floor((10 * (one?.itemsDone ?? 0)) / Math.max(line.itemsTotal, 1))
  return line.itemsTotal > 1 && tenth(before) !== tenth(line)
}

function describe(line: Line): string {
  const items = line.itemsTotal > 1 ? ` ${line.itemsDone}/${line.itemsTotal}` : ''
  return `${marks[line.state]} ${line.title}: ${line.state}${items}${line.step}`
}
