/** Stands between browser and studio: counts the open streams of events, and cuts them as a bad network does. */
import { createServer, request, type ServerResponse } from 'node:http'
import { once } from 'node:events'

export interface EventProxy {
  url: string
  /** Streams of events that are open now. */
  open(): number
  /** How often a stream of events was opened. */
  opened(): number
  /** Breaks the open streams; new ones are refused until the returned function is called. */
  cut(): () => void
  close(): Promise<void>
}

export async function startEventProxy(target: string): Promise<EventProxy> {
  const streams = new Set<ServerResponse>()
  let opened = 0
  let blocked = false
  const server = createServer((asked, answer) => {
    const isStream = asked.url?.startsWith('/api/v1/events?') ?? false
    if (isStream && blocked) return void asked.socket.destroy()
    if (isStream) {
      opened++
      streams.add(answer)
    }
    const { method, headers, url } = asked
    const forward = request(new URL(url ?? '/', target), { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    forward.on('error', () => answer.destroy())
    answer.on('close', () => {
      streams.delete(answer)
      forward.destroy()
    })
    asked.pipe(forward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    open: () => streams.size,
    opened: () => opened,
    cut() {
      blocked = true
      for (const stream of streams) stream.destroy()
      return () => void (blocked = false)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
