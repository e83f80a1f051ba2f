/** Brings one file of the hub here: goes on where it was cut off, and keeps nothing whose checksum is another. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { InstallError } from '@defect-studio/nodes'
import { authorization, type HubAccess, type HubFile, type HubRepo } from './hub-client.ts'
import { explainAnswer, unreachable } from './hub-errors.ts'

export type Downloading = {
  access: HubAccess
  signal: AbortSignal
  /** Bytes of this file that are here, those of earlier tries included. */
  onProgress: (bytes: number) => void
  /** Between two tries; longer after each one without a byte. */
  pauseMs?: number
}

/** Tries in a row that bring no byte before it is given up. */
const MOST_VAIN_TRIES = 5
/** The hub sends to its store, which may send on once more. */
const MOST_REDIRECTS = 5
/** A line that says nothing for this long is cut. */
const SILENCE_MS = 60_000

/** An answer that another try may mend. */
class Interrupted extends Error {}

/**
 * The file is at `target` afterwards, whole and verified; while it comes it is `<target>.part`.
 * @throws InstallError 'wrong-checksum' (nothing is kept), 'hub-unreachable' (the part is kept), 'not-on-hub', 'hub-refused'
 */
export async function downloadFile(
  repo: HubRepo,
  file: HubFile,
  target: string,
  { access, signal, onProgress, pauseMs = 1000 }: Downloading,
): Promise<void> {
  const part = `${target}.part`
  await mkdir(dirname(target), { recursive: true })
  let vain = 0
  if ((await sizeOf(part)) > file.bytes) await rm(part)
  for (;;) {
    const before = await sizeOf(part)
    try {
      if (before !== file.bytes || before === 0) await fetchRest(repo, file, part, access, signal, onProgress)
      break
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof InstallError) {
        if (error.code === 'wrong-checksum') await rm(part, { force: true })
        throw error
      }
      vain = (await sizeOf(part)) > before ? 0 : vain + 1
      if (vain >= MOST_VAIN_TRIES) throw unreachable(access.endpoint, error)
      await wait(pauseMs * vain, undefined, { signal })
    }
  }
  await verify(file, part, signal)
  await rename(part, target)
}

/** Asks for what is missing and appends it. */
async function fetchRest(
  repo: HubRepo,
  file: HubFile,
  part: string,
  access: HubAccess,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const have = await sizeOf(part)
  const silence = new AbortController()
  const both = AbortSignal.any([signal, silence.signal])
  const answer = await follow(repo, file, have, access, both)
  // A store that does not know ranges sends everything again.
  const isRest = answer.status === 206 && have > 0
  if (isRest && !answer.headers.get('content-range')?.startsWith(`bytes ${have}-`))
    throw new Interrupted('it sent another range than was asked for')
  const handle = await open(part, isRest ? 'a' : 'w')
  let written = isRest ? have : 0
  let timer = setTimeout(() => silence.abort(new Interrupted('the line went silent')), SILENCE_MS)
  try {
    for await (const chunk of answer.body ?? []) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(new Interrupted('the line went silent')), SILENCE_MS)
      const bytes = chunk as Uint8Array
      if (written + bytes.length > file.bytes)
        throw wrong(file.path, 'more bytes came than the hub announced')
      await handle.write(bytes)
      written += bytes.length
      onProgress(written)
    }
  } finally {
    clearTimeout(timer)
    await handle.close()
  }
  if (written < file.bytes) throw new Interrupted(`the line was cut after ${written} of ${file.bytes} bytes`)
}

/** Follows redirects by hand, because the hub says the checksum on the way, and the token is for the hub alone. */
async function follow(
  repo: HubRepo,
  file: HubFile,
  have: number,
  access: HubAccess,
  signal: AbortSignal,
): Promise<Response> {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  let url = new URL(`${access.endpoint}/${repo.hubId}/resolve/${repo.commit}/${path}`)
  const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
  for (let i = 0; i <= MOST_REDIRECTS; i++) {
    const isHub = url.origin === new URL(access.endpoint).origin
    const headers = { ...range, 'accept-encoding': 'identity', ...(isHub ? authorization(access) : {}) }
    const answer = await fetch(url, { headers, redirect: 'manual', signal })
    compareLinked(file, answer.headers.get('x-linked-etag'))
    const next = answer.headers.get('location')
    if (answer.status >= 300 && answer.status < 400 && next) {
      await answer.body?.cancel()
      url = new URL(next, url)
      continue
    }
    if (answer.ok) return answer
    await answer.body?.cancel()
    // 5xx and 429 pass by; a signed address of the store that has run out says 403, and the hub signs a new one.
    if (answer.status >= 500 || answer.status === 429 || !isHub)
      throw new Interrupted(`${url.host} answered ${answer.status}`)
    throw explainAnswer(answer, access.endpoint, repo.hubId, file.path)
  }
  throw new Interrupted('it was redirected too often')
}

/** What the hub says beside the file must be what it said in the list: else the two do not belong together. */
function compareLinked({ path, checksum }: HubFile, linked: string | null): void {
  const hex = linked?.replaceAll('"', '') ?? ''
  if (checksum?.algorithm === 'sha256' && hex.length === 64 && hex !== checksum.hex)
    throw wrong(path, 'the hub names two different checksums for it')
}

/** Reads the whole file, earlier tries' bytes included. @throws InstallError 'wrong-checksum' after deleting it */
async function verify({ path, bytes, checksum }: HubFile, part: string, signal: AbortSignal): Promise<void> {
  if (checksum === null) return
  const hash: Hash =
    checksum.algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(part, { signal })) hash.update(chunk as Buffer)
  if (hash.digest('hex') === checksum.hex) return
  await rm(part)
  throw wrong(path, 'its checksum is not the one that the hub has')
}

function wrong(path: string, why: string): InstallError {
  return new InstallError(
    'wrong-checksum',
    `${path} did not come as it should: ${why}. Nothing was installed; try again.`,
  )
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
