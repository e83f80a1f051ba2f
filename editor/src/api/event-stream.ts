/** Reads server-sent events by fetch, because EventSource cannot send the Authorization header. */
import { send, toError } from './client.ts'

export interface StreamEvent {
  event: string
  data: string
}

/** Calls `onEvent` for each event until the server ends the stream or `signal` aborts. */
export async function readEvents(
  path: string,
  onEvent: (event: StreamEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const answer = await send('GET', path, { headers: { accept: 'text/event-stream' }, signal })
  if (!answer.ok || !answer.body) throw await toError(answer)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    rest += value
    const blocks = rest.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parseBlock(block)
      if (event) onEvent(event)
    }
  }
}

/** One block of the stream; null for a comment, which servers send to keep the line open. */
export function parseBlock(block: string): StreamEvent | null {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  return data.length > 0 ? { event, data: data.join('\n') } : null
}
