/** The activities of control nodes over a real database and real files. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TaskRef } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import {
  createCollection,
  createFileStore,
  createPostgresDocuments,
  markDelivered,
  postponeDelivery,
  readCollection,
  takeDeliveries,
} from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import type { IoDependencies } from '../index.ts'
import { callWebhook } from './call-webhook.ts'
import { limitCollection } from './limit-collection.ts'
import { mergeCollections } from './merge-collections.ts'
import { notify } from './notify.ts'

let db: Database
let folder = ''
let world: Pick<IoDependencies, 'db' | 'artifacts' | 'documents' | 'publicUrl' | 'allowExternalMail'>
let departmentId = ''
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  folder = await mkdtemp(path.join(os.tmpdir(), 'control-'))
  const artifacts = createFileStore(folder)
  world = { db, artifacts, documents: createPostgresDocuments(db), publicUrl: null, allowExternalMail: false }
  const department = await db.department.create({ data: { name: 'line 1' } })
  departmentId = department.id
  for (const loginId of ['kim', 'lee', 'gone'])
    await db.member.create({
      data: {
        loginId,
        email: `${loginId}@example.com`,
        name: loginId,
        nickname: loginId,
        passwordHash: '-',
        role: 'department_member',
        departmentId,
        disabledAt: loginId === 'gone' ? new Date() : null,
      },
    })
})
afterAll(async () => {
  await db.$disconnect()
  await rm(folder, { recursive: true })
})

async function startRun(): Promise<TaskRef> {
  const owner = await db.member.findUniqueOrThrow({ where: { loginId: 'kim' } })
  const run = await db.run.create({
    data: {
      graphName: 'Line check',
      reference: 'order-7',
      ownerId: owner.id,
      departmentId,
      status: 'running',
      document: {},
      plan: {},
      quote: 0,
      requestHash: '-',
    },
  })
  return { runId: run.id, nodeId: 'n', itemIndex: 0, itemName: 'all' }
}
const listOf = (...items: [name: string, index?: number][]) =>
  createCollection(
    world.artifacts,
    items.map(([name, index]) => ({
      name,
      value: `text of ${name}`,
      ...(index === undefined ? {} : { index }),
    })),
  )
const itemsOf = async (collection: { key: string } | null) =>
  collection
    ? (await readCollection(world.artifacts, collection)).items.map(({ name, index }) => [name, index])
    : null

test('lists are joined in order, names stay unique, and each item gets its place in the new list', async () => {
  const task = await startRun()
  const merged = await mergeCollections(
    world,
    [await listOf(['a', 4], ['b', 9]), await listOf(['a'], ['c'])],
    task,
  )
  expect(await itemsOf(merged)).toEqual([
    ['a', 0],
    ['b', 1],
    ['a (2)', 2],
    ['c', 3],
  ])
  const grant = await db.artifactGrant.findFirst({ where: { artifactKey: merged.key } })
  expect(grant?.departmentId).toBe(departmentId)
})

test('a part of a list keeps its places; nothing is left of what lies behind its end', async () => {
  const task = await startRun()
  const collection = await listOf(['a', 3], ['b', 5], ['c', 8])
  const limit = (from: number, count: number) => limitCollection(world, { collection, from, count }, task)
  expect(await itemsOf(await limit(1, 5))).toEqual([
    ['b', 5],
    ['c', 8],
  ])
  expect(await limit(0, 3)).toBe(collection)
  expect(await limit(3, 1)).toBeNull()
  const plain = await listOf(['x'], ['y'])
  expect(await itemsOf(await limitCollection(world, { collection: plain, from: 1, count: 1 }, task))).toEqual(
    [['y', 1]],
  )
})

test('a mail names count, run and graph, and is written once for each addressee', async () => {
  const task = await startRun()
  const collection = await listOf(['a'], ['b'])
  const notice = { subject: '{graph} {run} {count}', text: '{graph} {nothing} {count}', collection }
  const to = ['lee', 'KIM@example.com', 'kim']
  await notify(world, { ...notice, to }, task)
  await notify({ ...world, publicUrl: 'https://studio.example' }, { ...notice, to }, task)
  const mails = await db.outgoingMail.findMany({ orderBy: { toAddress: 'asc' } })
  expect(mails.map(({ toAddress }) => toAddress)).toEqual(['kim@example.com', 'lee@example.com'])
  expect([mails[0]?.subject, mails[0]?.text]).toEqual([
    `Line check ${task.runId} 2`,
    'Line check {nothing} 2\n',
  ])
})

test('without an addressee whoever started the run is told, with a link where the address is known', async () => {
  const task = await startRun()
  const order = { to: [], subject: 's', text: '{run}' }
  await notify({ ...world, publicUrl: 'https://studio.example' }, order, task)
  const mail = await db.outgoingMail.findFirstOrThrow({ where: { key: { contains: task.runId } } })
  expect([mail.toAddress, mail.text]).toEqual([
    'kim@example.com',
    `https://studio.example/runs/${task.runId}\n`,
  ])
})

test.each(['eve@elsewhere.org', 'gone', 'nobody'])('%s gets no mail, nor does anybody beside', async (to) => {
  const task = await startRun()
  await expect(notify(world, { to: ['lee', to], subject: 's', text: 't' }, task)).rejects.toThrow(
    `"${to}" is no member of this studio`,
  )
  expect(await db.outgoingMail.count({ where: { key: { contains: task.runId } } })).toBe(0)
})

test('an address outside is taken only where the studio allows it, and only if it is one mailbox', async () => {
  const task = await startRun()
  const open = { ...world, allowExternalMail: true }
  await notify(open, { to: ['eve@elsewhere.org'], subject: 's', text: 't' }, task)
  const mail = await db.outgoingMail.findFirstOrThrow({ where: { key: { contains: task.runId } } })
  expect(mail.toAddress).toBe('eve@elsewhere.org')
  for (const to of ['a@b.org>\r\nRCPT TO:<c@d.org', '<a@b.org>', 'a@b', 'a@b.org,c@d.org'])
    await expect(notify(open, { to: [to], subject: 's', text: 't' }, await startRun())).rejects.toThrow()
})

const url = 'https://mes.example/hook'
const never = new AbortController().signal

test('a webhook is ordered once with the run and its reference, and its end is waited for', async () => {
  const task = await startRun()
  const order = { url, secretName: null, body: { count: 2, message: 'hi' } }
  const called = Promise.all([callWebhook(world, order, task, never), callWebhook(world, order, task, never)])
  let taken: Awaited<ReturnType<typeof takeDeliveries>> = []
  await expect.poll(async () => (taken = await takeDeliveries(db, 10)).length, { timeout: 10_000 }).toBe(1)
  expect(taken[0]).toMatchObject({
    url,
    sealedSecret: null,
    body: {
      type: 'run.reached',
      data: { runId: task.runId, nodeId: 'n', reference: 'order-7', count: 2, message: 'hi' },
    },
  })
  await markDelivered(db, { id: taken[0]?.id ?? '', attempt: 1 }, 202)
  expect(await called).toEqual([{ status: 202 }, { status: 202 }])
})

test('a webhook that is given up fails the node with the last words', async () => {
  const task = await startRun()
  const called = callWebhook(world, { url, secretName: null, body: null }, task, never)
  const ends = expect(called).rejects.toMatchObject({
    type: 'invalid-input',
    message: 'The webhook was given up after 1 tries: It answered 500.',
  })
  let taken: Awaited<ReturnType<typeof takeDeliveries>> = []
  await expect.poll(async () => (taken = await takeDeliveries(db, 10)).length, { timeout: 10_000 }).toBe(1)
  await postponeDelivery(
    db,
    { id: taken[0]?.id ?? '', attempt: 1 },
    { error: 'It answered 500.', status: 500, afterMs: null },
  )
  await ends
})

test('a cancelled run waits for no webhook', async () => {
  const cancel = new AbortController()
  const called = callWebhook(world, { url, secretName: null, body: null }, await startRun(), cancel.signal)
  const ends = expect(called).rejects.toMatchObject({ name: 'AbortError' })
  cancel.abort()
  await ends
})

test('a secret that the department does not have sends nothing', async () => {
  const task = await startRun()
  const elsewhere = await db.department.create({ data: { name: randomUUID() } })
  await db.webhookSecret.create({ data: { departmentId: elsewhere.id, name: 'mes', sealed: '-' } })
  const called = callWebhook(world, { url, secretName: 'mes', body: {} }, task, never)
  await expect(called).rejects.toThrow('no webhook secret "mes"')
  expect(await db.webhookDelivery.count({ where: { runId: task.runId } })).toBe(0)
})
