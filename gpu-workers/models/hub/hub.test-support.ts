/** A small Hugging Face Hub on this machine, with a store of its own: the protocol as the real one speaks it, and its moods. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const commit = '0123456789abcdef0123456789abcdef01234567'

export type TestHub = {
  endpoint: string
  /** Requests as `hub GET path range=…` or `store GET path …`, in order. */
  seen: string[]
  /** Tokens that the store was sent; it must be sent none. */
  tokensAtStore: string[]
  mood: {
    /** The next answers of a file send so many bytes, and then nothing until `cut` is called. */
    cuts: { path: string; after: number }[]
    /** Cuts the line that waits for it. */
    cut?: () => void
    /** Send other bytes than were announced. */
    garbled?: string
    gated?: boolean
    /** The store sends everything, whatever range was asked for. */
    ignoresRanges?: boolean
  }
  close: () => Promise<void>
}

/** @param files by path; those of more than 200 bytes are in large-file storage, behind a redirect to the store */
export async function startHub(
  hubId: string,
  files: Readonly<Record<string, Buffer>>,
  card: object,
): Promise<TestHub> {
  const hub: TestHub = {
    endpoint: '',
    seen: [],
    tokensAtStore: [],
    mood: { cuts: [] },
    close: async () => {},
  }
  const isLarge = (bytes: Buffer) => bytes.length > 200
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const note = (server: string, request: IncomingMessage) => {
    const { range } = request.headers
    hub.seen.push(`${server} ${request.method} ${request.url}${range ? ` range=${range}` : ''}`)
  }
  const fail = (response: ServerResponse, status: number, code: string) =>
    response.writeHead(status, { 'x-error-code': code }).end('{}')

  function sendBytes(request: IncomingMessage, response: ServerResponse, path: string): void {
    const whole = files[path]!
    const from = hub.mood.ignoresRanges
      ? 0
      : Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = Buffer.from(whole.subarray(from))
    if (hub.mood.garbled === path) rest[rest.length - 1] = rest[rest.length - 1]! ^ 1
    const head = from > 0 ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...head })
    const cut = hub.mood.cuts.findIndex((one) => one.path === path)
    if (cut < 0) return void response.end(rest)
    const after = hub.mood.cuts.splice(cut, 1)[0]!.after
    hub.mood.cut = () => response.destroy()
    response.write(rest.subarray(0, after))
  }

  const store = await listen((request, response) => {
    note('store', request)
    if (request.headers.authorization) hub.tokensAtStore.push(request.headers.authorization)
    sendBytes(request, response, decodeURIComponent(request.url!.slice(1).split('?')[0]!))
  })
  const server = await listen((request, response) => {
    note('hub', request)
    const url = new URL(request.url!, 'http://hub')
    const isIn = request.headers.authorization === 'Bearer hf_right'
    if (url.pathname.startsWith('/api/models/')) {
      const asked = /^\/api\/models\/(.+)\/revision\/([^/]+)$/.exec(url.pathname)
      // Guests are told 401 of what is not there.
      if (asked?.[1] !== hubId) return fail(response, 401, 'RepoNotFound')
      if (!['main', commit].includes(asked[2]!)) return fail(response, 404, 'RevisionNotFound')
      const siblings = Object.entries(files).map(([rfilename, bytes]) => {
        const blobId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
        const lfs = isLarge(bytes)
          ? { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 130 } }
          : {}
        return { rfilename, size: bytes.length, blobId, ...lfs }
      })
      const answer = {
        id: hubId,
        sha: commit,
        gated: hub.mood.gated ? 'auto' : false,
        siblings,
        tags: [],
        ...card,
      }
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
    const path = decodeURIComponent(url.pathname.replace(`/${hubId}/resolve/${commit}/`, ''))
    const bytes = files[path]
    if (hub.mood.gated && !isIn) return fail(response, 401, 'GatedRepo')
    if (!bytes) return fail(response, 404, 'EntryNotFound')
    const head = { 'x-repo-commit': commit, etag: `"${sha256(bytes)}"` }
    if (!isLarge(bytes)) {
      for (const [name, value] of Object.entries(head)) response.setHeader(name, value)
      return sendBytes(request, response, path)
    }
    const location = `${addressOf(store)}/${encodeURIComponent(path)}?signature=1`
    const linked = { 'x-linked-etag': head.etag, 'x-linked-size': String(bytes.length) }
    response.writeHead(302, { ...head, ...linked, location }).end()
  })
  hub.endpoint = addressOf(server)
  hub.close = async () => {
    for (const one of [server, store]) {
      one.closeAllConnections()
      one.close()
      await once(one, 'close')
    }
  }
  return hub
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
