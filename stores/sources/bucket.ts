/** Reads S3 buckets that were opened to graphs, below their prefix and nowhere else. */
import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { maxCollectionItems, StudioError } from '@defect-studio/nodes'
import { z } from 'zod'
import { pictureLimits } from '../artifacts/inspect-picture.ts'
import { byPath, picturePattern } from './picture-pattern.ts'
import type { SourceBucket } from './source-config.ts'
import { SourceRefusal } from './source-refusal.ts'

/** Loaded when a bucket is first read: it costs every process memory, and most studios have no bucket. */
const loadSdk = () => import('@aws-sdk/client-s3')

/** Keys that are looked through at most: two hundred pages of a thousand, or a pattern that fits almost nothing. */
const mostKeys = 1_000_000

export interface BucketQuestion {
  /** What the key begins with, below the bucket's own prefix. */
  prefix: string
  pattern: string
}

export interface BucketEntry {
  /** The key below the bucket's own prefix. */
  path: string
  /** Below the folder that the prefix names: so that two folders pair. */
  name: string
  etag: string | undefined
}

/**
 * Keys that fit, in the order of their names (2 before 10).
 * @param pageSize keys that are asked for at a time; S3 gives 1,000 at most.
 * @throws SourceRefusal
 */
export async function listBucket(
  source: SourceBucket,
  question: BucketQuestion,
  pageSize = 1000,
): Promise<BucketEntry[]> {
  const isMeant = picturePattern(question.pattern)
  const folder = question.prefix.slice(0, question.prefix.lastIndexOf('/') + 1)
  const found: BucketEntry[] = []
  let seen = 0
  const { paginateListObjectsV2 } = await loadSdk()
  const pages = paginateListObjectsV2(
    { client: await clientOf(source), pageSize },
    { Bucket: source.bucket, Prefix: source.prefix + question.prefix },
  )
  try {
    for await (const page of pages)
      for (const { Key: key, ETag: etag } of page.Contents ?? []) {
        if (++seen > mostKeys) throw tooMany(source, `more than ${mostKeys} keys`)
        // What ends with a slash stands for a folder.
        if (key === undefined || key.endsWith('/') || !key.startsWith(source.prefix)) continue
        const path = key.slice(source.prefix.length)
        const name = path.slice(folder.length)
        if (!isMeant(name)) continue
        if (found.length >= maxCollectionItems)
          throw tooMany(source, `more than ${maxCollectionItems} pictures`)
        found.push({ path, name, etag })
      }
  } catch (error) {
    if (error instanceof SourceRefusal) throw error
    throw new SourceRefusal(
      {
        field: 'bucket',
        message: `The bucket "${source.name}" cannot be listed: ${reason(error)}.`,
        remedy: 'Try again; if it stays, whoever runs the studio can correct SOURCE_BUCKETS.',
      },
      error,
    )
  }
  return found.sort(byPath)
}

/**
 * The bytes of one object, as it was when it was listed.
 * @throws StudioError 'invalid-input' when it is gone, changed or too large, 'unavailable' when the server is away.
 */
export async function readBucketPicture(
  source: SourceBucket,
  { key, etag }: { key: string; etag?: string | undefined },
): Promise<Uint8Array> {
  const { maxBytes } = pictureLimits
  const refuse = (why: string, cause?: unknown) =>
    new StudioError('invalid-input', `"${key}" of the bucket "${source.name}" ${why}`, { cause })
  const tooLarge = () => refuse(`has more than ${Math.floor(maxBytes / 1e6)} MB, so it is not read.`)
  const { GetObjectCommand } = await loadSdk()
  try {
    const client = await clientOf(source)
    const { Body: body, ContentLength: length } = await client.send(
      new GetObjectCommand({
        Bucket: source.bucket,
        Key: source.prefix + key,
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
    )
    if (!(body instanceof Readable)) throw new Error('The answer has no body.')
    if ((length ?? 0) > maxBytes) {
      // Nobody reads it to its end, and nobody is to hear that it was cut.
      body.on('error', () => {}).destroy()
      throw tooLarge()
    }
    const parts: Uint8Array[] = []
    let bytes = 0
    const stream: AsyncIterable<Uint8Array> = body
    for await (const part of stream) {
      bytes += part.byteLength
      if (bytes > maxBytes) throw tooLarge()
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof StudioError) throw error
    const status = statusOf(error)
    if (status === 404) throw refuse('is no longer there.', error)
    if (status === 412) throw refuse('has changed since the run was started. Start it again.', error)
    if (status === 403) throw refuse('may not be read by the studio.', error)
    throw new StudioError('unavailable', `The bucket "${source.name}" cannot be read: ${reason(error)}.`, {
      cause: error,
    })
  }
}

const clients = new WeakMap<SourceBucket, S3Client>()

/** One for each bucket: it keeps connections open. */
async function clientOf(source: SourceBucket): Promise<S3Client> {
  const { S3Client } = await loadSdk()
  const before = clients.get(source)
  if (before) return before
  const client = new S3Client({
    region: source.region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
    // Servers other than Amazon's seldom have a name for each bucket.
    ...(source.endpoint === null ? {} : { endpoint: source.endpoint, forcePathStyle: true }),
    ...(source.credentials === null ? {} : { credentials: source.credentials }),
  })
  clients.set(source, client)
  return client
}

const tooMany = (source: SourceBucket, what: string) =>
  new SourceRefusal({
    code: 'too-many-items',
    field: 'prefix',
    message: `Below this prefix "${source.name}" has ${what}.`,
    remedy: 'Write a longer prefix, or a pattern that fits fewer keys.',
  })

const Answered = z.object({ $metadata: z.object({ httpStatusCode: z.number().optional() }) })

/** What the server answered; undefined when it did not. */
const statusOf = (error: unknown): number | undefined =>
  Answered.safeParse(error).data?.$metadata.httpStatusCode

/** The server's name for what is wrong, never its whole message: that can tell of keys and accounts. */
function reason(error: unknown): string {
  if (error instanceof Error)
    return 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return 'no answer'
}
