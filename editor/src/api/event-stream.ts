/** Reads server-sent events by fetch, because EventSource cannot send the Authorization header. */
import { send, studioUrl, toError } from './client.ts'

export interface StreamBlock {
  /** Null for a block that only says where the reader stands. */
  event: string | null
  data: string
  /** Where to go on when this was the last that came. */
  id: string | null
}

/** The studio says something every 15 s; a line that is silent for longer than two of these is dead. */
const longestSilence = 40_000

interface StreamOptions {
  /** Where an earlier stream stopped: what came since is sent first. */
  lastId: string | null
  signal: AbortSignal
}

/**
 * Calls `onBlock` for each block until the server ends the stream, or `signal` aborts.
 * @throws ApiError when the studio refuses; other errors when the line is lost
 */
export async function readEvents(
  path: string,
  onBlock: (block: StreamBlock) => void,
  { lastId, signal }: StreamOptions,
): Promise<void> {
  const silence = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), longestSilence)
  }
  alive()
  try {
    const headers = { accept: 'text/event-stream', ...(lastId ? { 'last-event-id': lastId } : {}) }
    const until = AbortSignal.any([signal, silence.signal])
    const answer = await send(new Request(new URL(path, studioUrl), { headers, signal: until }))
    if (!answer.ok || !answer.body) throw await toError(answer)
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      alive()
      rest += value
      const blocks = rest.split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const text of blocks) {
        const block = parseBlock(text)
        if (block) onBlock(block)
      }
    }
  } finally {
    clearTimeout(timer)
  }
}

/** One block of the stream; null for a comment, which servers send to keep the line open. */
export function parseBlock(block: string): StreamBlock | null {
  let event = 'message'
  let id: string | null = null
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
    else if (line.startsWith('id:')) id = line.slice(3).trim()
  }
  if (data.length > 0) return { event, data: data.join('\n'), id }
  return id === null ? null : { event: null, data: '', id }
}
