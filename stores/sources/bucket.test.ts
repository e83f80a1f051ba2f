/** A real S3 server: what is listed below a prefix, and how reading fails. Without the server it is not tested. */
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from 'vitest'
import { findVersitygw } from '../../scripts/find-versitygw.mjs'
import { testService } from '../../scripts/testing/test-service.ts'
import { listBucket, readBucketPicture } from './bucket.ts'
import { readSourceConfig, type SourceBucket } from './source-config.ts'

const mustRun = process.env['CI'] === 'true'

describe.skipIf(!findVersitygw() && !mustRun)('a bucket (npm test builds the server with Go)', () => {
  const bucket = 'photos-test'
  let client: S3Client
  let source: SourceBucket
  const put = (key: string, body = 'x') =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  const list = async (question: { prefix?: string; pattern?: string } = {}) =>
    (await listBucket(source, { prefix: '', pattern: '', ...question })).map(({ path }) => path)

  beforeAll(async () => {
    const { username, password, origin } = new URL(await testService('s3'))
    const config = readSourceConfig({
      SOURCE_BUCKETS: `photos=s3://${username}:${password}@${bucket}/line1?endpoint=${origin}`,
    })
    source = config.buckets[0]!
    client = new S3Client({
      region: 'us-east-1',
      endpoint: origin,
      forcePathStyle: true,
      credentials: { accessKeyId: username, secretAccessKey: password },
    })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    for (const key of ['line1/part10.png', 'line1/part2.PNG', 'line1/good/a.jpg', 'line1/notes.txt'])
      await put(key)
    for (const key of ['line10/other.png', 'secret.png', 'line1/사진 1+2&3.webp']) await put(key)
  })

  test('is listed below its own prefix alone, 2 before 10', async () => {
    expect(await list()).toEqual(['good/a.jpg', 'part2.PNG', 'part10.png', '사진 1+2&3.webp'])
    expect(await list({ prefix: 'good/' })).toEqual(['good/a.jpg'])
    const [inside] = await listBucket(source, { prefix: 'good/', pattern: 'a*' })
    expect(inside).toMatchObject({ path: 'good/a.jpg', name: 'a.jpg' })
    expect(await list({ pattern: 'part*' })).toEqual(['part2.PNG', 'part10.png'])
    expect(await list({ prefix: '../' })).toEqual([])
  })

  test('is listed page by page', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `line1/many/${index}.png`)
    await Promise.all(keys.map((key) => put(key)))
    const listed = await listBucket(source, { prefix: 'many/', pattern: '' }, 10)
    expect(listed.map(({ path }) => `line1/${path}`)).toEqual(keys)
  })

  test('gives the bytes of a key, with whatever letters it has', async () => {
    const [entry] = await listBucket(source, { prefix: '사진', pattern: '' })
    const bytes = await readBucketPicture(source, { key: entry?.path ?? '', etag: entry?.etag })
    expect(new TextDecoder().decode(bytes)).toBe('x')
  })

  test('says that an object has changed, is gone, or is too large', async () => {
    await put('line1/new/a.png', 'first')
    const [entry] = await listBucket(source, { prefix: 'new/', pattern: '' })
    await put('line1/new/a.png', 'second')
    const key = 'new/a.png'
    await expect(readBucketPicture(source, { key, etag: entry?.etag })).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining('has changed since the run was started') as string,
    })
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `line1/${key}` }))
    await expect(readBucketPicture(source, { key })).rejects.toThrow('is no longer there')
    const body = Buffer.alloc(65 * 1024 * 1024)
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'line1/huge.png', Body: body }))
    await expect(readBucketPicture(source, { key: 'huge.png' })).rejects.toThrow('has more than 67 MB')
  })

  test('says that it cannot be listed, without the keys', async () => {
    const cases = [
      { ...source, bucket: 'no-such-bucket' },
      { ...source, credentials: { accessKeyId: 'test', secretAccessKey: 'wrong-secret' } },
      { ...source, endpoint: 'http://127.0.0.1:1' },
    ]
    for (const one of cases) {
      const refusal: unknown = await listBucket(one, { prefix: '', pattern: '' }).catch(
        (error: unknown) => error,
      )
      expect(refusal).toMatchObject({ problem: { field: 'bucket', code: 'unusable-list' } })
      expect(JSON.stringify(refusal)).not.toContain('secret')
    }
    await expect(readBucketPicture(cases[2]!, { key: 'a.png' })).rejects.toMatchObject({
      type: 'unavailable',
    })
  })
})
