/** A backup of a studio at work brings back the same gallery, ledger and schedules, or nothing and the reason. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createDatabase } from '@defect-studio/prisma'
import pg from 'pg'
import { ZipFile } from 'yazl'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmptyTestDatabase, createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { registerArtifacts } from '../artifacts/register-artifact.ts'
import { itemOf, openStudioBooks } from '../bookkeeping/studio-books.fixtures.ts'
import { queueMail } from '../mails/queue-mail.ts'
import { fingerprintOf, openFromBackup } from './carried-secret.ts'
import type { Manifest } from './manifest.ts'
import { openBackup } from './open-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const signingSecret = randomBytes(32)
let folder: string
let books: Awaited<ReturnType<typeof openStudioBooks>>
let file: string
let manifest: Manifest
let interrupted: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'backup-'))
  file = path.join(folder, 'studio.backup')
  books = await openStudioBooks()
  await fill()
  manifest = await backUp(file)
})
afterAll(async () => {
  await books.close()
  await rm(folder, { recursive: true, force: true })
})

/** A run in the middle of its work with tokens held, a picture in the gallery, a schedule, a document, a mail. */
async function fill() {
  const { db, artifacts } = books
  const run = await books.begunRun(20n)
  interrupted = run.runId
  await books.prepare(run.runId, [itemOf(0)])
  const { id: ownerId, departmentId } = run.member
  const picture = await artifacts.put(randomBytes(300_000), 'image/png')
  const facts = { ...picture, mediaType: 'image/png', width: 8, height: 8 }
  await registerArtifacts(db, [facts], { memberId: ownerId, departmentId })
  await db.image.create({
    data: { artifactKey: picture.key, name: '결함 "1"\t\\n', ownerId, departmentId, width: 8, height: 8 },
  })
  const graph = await db.graph.create({
    data: { name: 'g', ownerId, departmentId, document: { a: [1.5, null] } },
  })
  const schedule = {
    name: 'nights',
    graphId: graph.id,
    ownerId,
    departmentId,
    timing: { kind: 'cron' },
    sent: 1,
  }
  await db.schedule.create({ data: schedule })
  await db.document.create({ data: { collection: 'c', id: 'd', body: { text: '\u2028 €' } } })
  await queueMail(db, { key: 'k', to: { name: 'K', address: 'k@example.com' }, subject: 's', text: 't\n' })
}

const backUp = (to: string, url = books.url, artifacts = books.artifacts) =>
  writeBackup({
    databaseUrl: url,
    documentsUrl: undefined,
    artifacts,
    signingSecret,
    passphrase: 'a passphrase',
    version: '9.9.9',
    file: to,
    strict: false,
  })

async function restoreInto(databaseUrl: string, from = file, replace = false) {
  const backup = await openBackup(from)
  const artifacts = createFileStore(path.join(folder, 'restored'))
  try {
    const restored = await restoreBackup({ backup, databaseUrl, documentsUrl: undefined, artifacts, replace })
    return { ...restored, artifacts }
  } finally {
    backup.close()
  }
}

test('what is restored is the same byte for byte, but for what time has passed over', async () => {
  const url = await createEmptyTestDatabase()
  const { artifacts, ...restored } = await restoreInto(url)
  expect(restored).toEqual({ interruptedRuns: 1, heldBack: 1, schedules: 1, broken: [] })
  const again = await backUp(path.join(folder, 'again.backup'), url, artifacts)
  const hashes = (of: Manifest) => Object.fromEntries(of.tables.map(({ name, sha256 }) => [name, sha256]))
  // The run that was under way gave its hold back; everything else is as it was.
  const moved = [
    'Run',
    'NodeRun',
    'NodeRunItem',
    'Transfer',
    'Account',
    'Lot',
    'Schedule',
    'OutgoingMail',
    'Session',
  ]
  const same = Object.entries(hashes(manifest)).filter(([name]) => !moved.includes(name))
  expect(same.length).toBeGreaterThan(30)
  expect(hashes(again)).toMatchObject(Object.fromEntries(same))
  expect(again.artifacts).toEqual(manifest.artifacts)
  expect(again.migrations).toEqual(manifest.migrations)

  const db = createDatabase(url)
  const before = books.db
  try {
    const run = await db.run.findUniqueOrThrow({ where: { id: interrupted } })
    expect([run.status, JSON.stringify(run.failure)]).toEqual(['failed', expect.stringContaining('restored')])
    const [{ pending }, posted] = [
      await db.account.findFirstOrThrow({ where: { kind: 'member' } }),
      await db.account.findMany({ orderBy: { id: 'asc' }, select: { id: true, posted: true } }),
    ]
    expect(pending).toBe(0n)
    expect(posted).toEqual(
      await before.account.findMany({ orderBy: { id: 'asc' }, select: { id: true, posted: true } }),
    )
    const schedule = await db.schedule.findFirstOrThrow()
    expect(schedule).toEqual({ ...(await before.schedule.findFirstOrThrow()), sent: 0 })
    expect(await db.transfer.count()).toBe((await before.transfer.count()) + 1)
    // The ledger's own guards are there again.
    await expect(db.transfer.deleteMany()).rejects.toThrow()
  } finally {
    await db.$disconnect()
  }
})

test('a studio that holds something is left alone, and taken the place of when that is said', async () => {
  const url = await createTestDatabase()
  const db = createDatabase(url)
  await db.department.create({ data: { name: 'old' } })
  const department = await db.department.findFirstOrThrow()
  const names = { loginId: 'o', email: 'o@x.org', name: 'o', nickname: 'o' }
  await db.member.create({ data: { ...names, role: 'super_admin', departmentId: department.id } })
  await expect(restoreInto(url, file, true)).rejects.toThrow('Somebody is connected')
  await db.$disconnect()
  await expect(restoreInto(url)).rejects.toThrow('--replace')
  expect(await count(url, 'Image')).toBe(0)
  await restoreInto(url, file, true)
  expect([await count(url, 'Image'), await count(url, 'Member')]).toEqual([1, 1])
})

test('a restore that dies before its end has changed nothing', async () => {
  const url = await createTestDatabase()
  const backup = await openBackup(file)
  const artifacts = createFileStore(path.join(folder, 'dies'))
  const beforeCommit = () => Promise.reject(new Error('killed'))
  const order = { backup, databaseUrl: url, documentsUrl: undefined, artifacts, replace: false, beforeCommit }
  await expect(restoreBackup(order)).rejects.toThrow('killed')
  backup.close()
  expect(await count(url, 'Image')).toBe(0)
})

test('a damaged part is named, wherever the damage is, and nothing is changed', async () => {
  const bytes = await readFile(file)
  const key = manifest.artifacts.keys[0] ?? ''
  const at = bytes.indexOf(`artifacts/${key.slice(0, 2)}/${key}`) + 1_000
  const bad = path.join(folder, 'bad.backup')
  const turned = Buffer.from(bytes)
  turned[at] = (turned[at] ?? 0) ^ 1
  await writeFile(bad, turned)
  const url = await createEmptyTestDatabase()
  await expect(restoreInto(url, bad)).rejects.toThrow(`artifacts/${key.slice(0, 2)}/${key}`)
  for (const length of [bytes.length - 1, bytes.length >> 1, 10, 0]) {
    await writeFile(bad, bytes.subarray(0, length))
    await expect(restoreInto(url, bad)).rejects.toThrow(/damaged|not whole/)
  }
  await writeFile(bad, 'a letter')
  await expect(restoreInto(url, bad)).rejects.toThrow('is no backup')
})

test('a backup of a newer studio is refused for being newer', async () => {
  const url = await createEmptyTestDatabase()
  const newer = path.join(folder, 'newer.backup')
  await manifestAlone(newer, { ...manifest, format: 2 })
  await expect(restoreInto(url, newer)).rejects.toThrow('studio 9.9.9, which is newer')
  const migrations = [...manifest.migrations, { name: '29990101000000_later', checksum: 'a'.repeat(64) }]
  await manifestAlone(newer, { ...manifest, migrations })
  await expect(restoreInto(url, newer)).rejects.toThrow('29990101000000_later, which is not known here')
})

test('bytes that the store has lost are named; the strict refuse to make such a backup', async () => {
  const artifacts = createFileStore(path.join(folder, 'empty'))
  const holed = await backUp(path.join(folder, 'holed.backup'), books.url, artifacts)
  expect(holed.artifacts.missing).toEqual(manifest.artifacts.keys)
  const strict = path.join(folder, 'strict.backup')
  const order = {
    databaseUrl: books.url,
    documentsUrl: undefined,
    artifacts,
    signingSecret,
    passphrase: null,
  }
  const refused = writeBackup({ ...order, version: '1', file: strict, strict: true })
  await expect(refused).rejects.toThrow('lacks 1 artifacts')
  await expect(readFile(strict)).rejects.toThrow('ENOENT')
})

test('the signing secret is carried under the passphrase alone', async () => {
  const { sealed, fingerprint } = manifest.secret
  expect(fingerprint).toBe(fingerprintOf(signingSecret))
  expect(openFromBackup(sealed ?? '', 'a passphrase')).toEqual(signingSecret)
  expect(() => openFromBackup(sealed ?? '', 'another')).toThrow('The passphrase is not')
  expect((await readFile(file)).includes(signingSecret)).toBe(false)
})

async function count(url: string, table: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM "${table}"`)
    return rows[0]?.count ?? -1
  } finally {
    await client.end()
  }
}

async function manifestAlone(to: string, value: unknown): Promise<void> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(JSON.stringify(value)), 'manifest.json')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(to))
}
