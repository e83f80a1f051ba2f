/** Keeps artifacts through the studio's API: all that a GPU host has of the stores. */
import { Readable } from 'node:stream'
import { StudioError } from '@defect-studio/nodes'
import { artifactKey, isArtifactKey, missingArtifact } from './artifact-key.ts'
import type { ArtifactStore } from './artifact-store.ts'

export interface ApiStoreOptions {
  /** Address of the API, such as `https://studio.example`. */
  apiUrl: string
  /** What an administrator made for this host; sent as a bearer token. */
  workerToken: string
  /** How often a request is sent before it counts as failed. Default 5, about 10 s in all. */
  attempts?: number
  /** Waits between two attempts; tests need not wait. */
  pause?: (milliseconds: number) => Promise<void>
}

type Send = (method: string, key: string, init?: RequestInit) => Promise<Response>

export function createApiStore(options: ApiStoreOptions): ArtifactStore {
  const send = sender(options)
  return {
    async put(bytes, mediaType) {
      const key = artifactKey(bytes)
      const stored = { key, bytes: bytes.byteLength }
      // Asking first spares sending bytes that are there already, as a second attempt at a node often would.
      if ((await send('HEAD', key)).ok) return stored
      const body = Uint8Array.from(bytes)
      const answer = await send('PUT', key, { body, headers: { 'content-type': mediaType } })
      if (!answer.ok) throw await refused('store', key, answer)
      await answer.body?.cancel()
      return stored
    },

    async get(key) {
      const answer = await read(send, key)
      const body = await answer.arrayBuffer().catch((cause: unknown) => {
        throw new StudioError(
          'unavailable',
          `The studio at ${options.apiUrl} hung up while it sent ${key}.`,
          { cause },
        )
      })
      const bytes = new Uint8Array(body)
      if (artifactKey(bytes) !== key)
        throw new StudioError('unavailable', `Artifact ${key} arrived damaged from ${options.apiUrl}.`)
      return bytes
    },

    async open(key, range) {
      const answer = await read(send, key, range)
      // The DOM's and Node's types of the same stream differ in name only.
      return answer.body ? Readable.fromWeb(answer.body) : Readable.from([])
    },

    async has(key) {
      if (!isArtifactKey(key)) return false
      const answer = await send('HEAD', key)
      if (answer.ok) return true
      if (answer.status === 404) return false
      throw await refused('look for', key, answer)
    },

    async delete() {
      throw new StudioError('internal', 'A GPU worker may not delete artifacts: the studio does.')
    },
  }
}

async function read(send: Send, key: string, range?: { start: number; end: number }): Promise<Response> {
  if (!isArtifactKey(key)) throw missingArtifact(key)
  const answer = await send(
    'GET',
    key,
    range ? { headers: { range: `bytes=${range.start}-${range.end}` } } : {},
  )
  if (answer.status === 404) throw missingArtifact(key)
  if (!answer.ok) throw await refused('read', key, answer)
  return answer
}

function sender({ apiUrl, workerToken, attempts = 5, pause = wait }: ApiStoreOptions): Send {
  return async (method, key, init = {}) => {
    const address = new URL(`/api/v1/worker/artifacts/${key}`, apiUrl)
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${workerToken}`)
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(address, { ...init, method, headers }).catch((error: unknown) =>
        toError(error),
      )
      const failed = answer instanceof Error || answer.status >= 500 || answer.status === 429
      if (!failed) return answer
      if (attempt >= attempts) {
        if (!(answer instanceof Error)) return answer
        throw new StudioError('unavailable', `The studio at ${apiUrl} does not answer: ${reason(answer)}`, {
          cause: answer,
        })
      }
      if (!(answer instanceof Error)) await answer.body?.cancel()
      // Full jitter: after a restart of the API its workers do not all come back in the same moment.
      await pause(Math.random() * 500 * 2 ** attempt)
    }
  }
}

async function refused(verb: string, key: string, answer: Response): Promise<StudioError> {
  const text = (await answer.text()).slice(0, 500)
  if (answer.status === 401 || answer.status === 403)
    return new StudioError(
      'provider-unavailable',
      `The studio refuses this worker's token (${answer.status}). Make a new one and set WORKER_TOKEN.`,
    )
  return new StudioError('unavailable', `Could not ${verb} artifact ${key}: ${answer.status} ${text}`)
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** `fetch` hides why it failed in the cause. */
function reason(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
