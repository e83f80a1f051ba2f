/** Webhooks against real servers that hang, fail, redirect and talk without end: signed, once for a key, never inward. */
import { createHmac, randomBytes } from 'node:crypto'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { queueDelivery, sealSecret, takeDeliveries, type DeliveryOrder } from '@defect-studio/stores'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { startDeliverer } from './deliverer.ts'
import { HostList } from './host-list.ts'
import type { SendRules } from './send-webhook.ts'
import { newWebhookSecret } from './sign-webhook.ts'
import { mayReach } from './target-policy.ts'

let db: Database
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await db.webhookDelivery.deleteMany()
})
afterAll(() => db.$disconnect())

interface Got {
  path: string | undefined
  headers: http.IncomingHttpHeaders
  body: string
}

/** @param answer how the n-th request is answered, from 0 on. */
async function startReceiver(answer: (response: http.ServerResponse, n: number) => void, host = '127.0.0.1') {
  const got: Got[] = []
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      got.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() })
      answer(response, got.length - 1)
    })
  })
  const port = await listen(server, host)
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://${host}:${port}/hook`, port, got }
}

function listen(server: net.Server, host: string): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port)),
  )
}

const signingSecret = randomBytes(32)
const secret = newWebhookSecret()
const here: SendRules['policy'] = { allowPrivate: false, hosts: new Set(['127.0.0.1']) }
const nobody: SendRules['policy'] = { allowPrivate: false, hosts: new Set() }

function deliverer(rules: Partial<SendRules> = {}, retryAfterMs: readonly number[] = [0, 0]) {
  const made = startDeliverer({
    db,
    log: pino({ level: 'silent' }),
    signingSecret,
    retryAfterMs,
    rules: { policy: here, timeoutMs: 5_000, ...rules },
  })
  closing.push(made.stop)
  return made
}

const order = (url: string, changes: Partial<DeliveryOrder> = {}): DeliveryOrder => ({
  key: `run-ended:${crypto.randomUUID()}`,
  url,
  sealedSecret: sealSecret(signingSecret, 'outgoing-webhook', secret),
  body: { type: 'run.ended', data: { reference: '주문 7', cost: 1.5 } },
  runId: null,
  departmentId: crypto.randomUUID(),
  ...changes,
})

async function deliver(url: string, rules?: Partial<SendRules>, retryAfterMs?: readonly number[]) {
  await queueDelivery(db, order(url))
  await deliverer(rules, retryAfterMs).settled()
  return db.webhookDelivery.findFirstOrThrow()
}

/** By the words of the specification, without the code that signs. */
function isSigned({ headers, body }: Got): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

test('a system that fails first gets the same message again, each time with a signature that holds', async () => {
  const { url, got } = await startReceiver((response, n) => response.writeHead(n === 0 ? 500 : 204).end())
  const row = await deliver(url)
  expect(row).toMatchObject({ attempts: 2, status: 204, lastError: null, nextAt: null, givenUpAt: null })
  expect(row.deliveredAt).not.toBeNull()
  expect(got.map(isSigned)).toEqual([true, true])
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(JSON.parse(got[1]?.body ?? '')).toEqual({
    type: 'run.ended',
    data: { reference: '주문 7', cost: 1.5 },
  })
  expect(Math.abs(Number(got[1]?.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
})

test('one key is delivered once, however often it is ordered and however many processes deliver', async () => {
  const { url, got } = await startReceiver((response) => response.end())
  const orders = Array.from({ length: 20 }, () => order(url, { sealedSecret: null }))
  for (const one of [...orders, ...orders]) await queueDelivery(db, one)
  const processes = [deliverer(), deliverer(), deliverer()]
  await Promise.all(processes.map((process) => process.settled()))
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(20)
  expect(got).toHaveLength(20)
  expect(got[0]?.headers).not.toHaveProperty('webhook-signature')
})

test('a system that hangs is let go of, and given up after its last try', async () => {
  const { url, got } = await startReceiver(() => undefined)
  const row = await deliver(url, { timeoutMs: 150 }, [0])
  expect(got).toHaveLength(2)
  expect(row).toMatchObject({ attempts: 2, status: null, nextAt: null, deliveredAt: null })
  expect(row.lastError).toBe('It did not answer within 0.15 seconds.')
  expect(row.givenUpAt).not.toBeNull()
})

test('an answer without an end is cut, and counts as taken', async () => {
  const { url } = await startReceiver((response) => {
    response.writeHead(200)
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) continue
    }
    response.on('drain', more)
    more()
  })
  expect(await deliver(url)).toMatchObject({ attempts: 1, status: 200 })
})

test('a redirect is not followed, wherever it leads', async () => {
  const inner = await startReceiver((response) => response.end(), '127.0.0.2')
  const { url, got } = await startReceiver((response) =>
    response.writeHead(302, { location: inner.url }).end(),
  )
  const row = await deliver(url, {}, [])
  expect([got.length, inner.got.length]).toEqual([1, 0])
  expect(row).toMatchObject({ status: 302, deliveredAt: null })
  expect(row.lastError).toContain('redirects are not followed')
})

test('410 is the wish not to be called again', async () => {
  const { url, got } = await startReceiver((response) => response.writeHead(410).end())
  expect((await deliver(url)).givenUpAt).not.toBeNull()
  expect(got).toHaveLength(1)
})

test.each([
  ['http://127.0.0.1:PORT/', 'use https://'],
  ['https://127.0.0.1:PORT/', 'inside this network'],
  ['https://2130706433:PORT/', 'inside this network'],
  ['https://0x7f.1:PORT/', 'inside this network'],
  ['https://[::1]:PORT/', 'inside this network'],
  ['https://[::ffff:127.0.0.1]:PORT/', 'inside this network'],
  ['https://localhost:PORT/', 'inside this network'],
  ['https://rebound.example:PORT/', 'inside this network'],
  ['https://user:secret@example.com/', 'may not carry a name or password'],
  ['file:///etc/passwd', 'not understood'],
  ['gibberish', 'cannot be read'],
])('%s is given up at once, and nothing is connected to', async (url, words) => {
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    socket.destroy()
  })
  const port = await listen(server, '127.0.0.1')
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const row = await deliver(url.replace('PORT', String(port)), {
    policy: nobody,
    // What a name server says at this moment, whatever it said when the address was checked.
    lookup: ((_name: string, _options: unknown, answer: (error: null, found: object[]) => void) =>
      answer(null, [
        { address: '10.0.0.7', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])) as SendRules['lookup'] & {},
  })
  expect(connections).toBe(0)
  expect(row).toMatchObject({ attempts: 1, nextAt: null, status: null })
  expect(row.givenUpAt).not.toBeNull()
  expect(row.lastError).toContain(words)
})

test('a system that is not there is tried again', async () => {
  const gone = await startReceiver(() => undefined)
  await closing.pop()?.()
  const row = await deliver(gone.url, {}, [3_600_000])
  expect(row).toMatchObject({ attempts: 1, lastError: 'It could not be reached: ECONNREFUSED.' })
  expect(row.nextAt?.getTime()).toBeGreaterThan(Date.now())
})

test('a secret that was sealed under another signing secret is said to be lost', async () => {
  const { url, got } = await startReceiver((response) => response.end())
  const sealedSecret = sealSecret(randomBytes(32), 'outgoing-webhook', secret)
  await queueDelivery(db, order(url, { sealedSecret }))
  await deliverer().settled()
  const row = await db.webhookDelivery.findFirstOrThrow()
  expect([got.length, row.givenUpAt === null]).toEqual([0, false])
  expect(row.lastError).toContain('Make it anew')
})

test('what one process had in hand when it died the next one delivers', async () => {
  const { url, got } = await startReceiver((response) => response.end())
  await queueDelivery(db, order(url))
  await db.webhookDelivery.updateMany({ data: { attempts: 1, nextAt: new Date(Date.now() - 1) } })
  await deliverer().settled()
  expect([got.length, (await db.webhookDelivery.findFirstOrThrow()).attempts]).toEqual([1, 2])
})

test('departments take turns, so that many webhooks of one do not hold up another', async () => {
  const busy = crypto.randomUUID()
  for (let n = 0; n < 10; n++) await queueDelivery(db, order('https://a.example', { departmentId: busy }))
  await queueDelivery(db, order('https://b.example'))
  const taken = await takeDeliveries(db, 3)
  expect(taken.map(({ url }) => url).sort()).toEqual([
    'https://a.example',
    'https://a.example',
    'https://b.example',
  ])
  expect(await takeDeliveries(db, 100)).toHaveLength(8)
})

const ranges: [string, 'always' | 'private' | 'never'][] = [
  ['93.184.216.34', 'always'],
  ['2606:2800:220:1::1', 'always'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['127.9.9.9', 'private'],
  ['100.64.0.1', 'private'],
  ['::1', 'private'],
  ['fd00::1', 'private'],
  ['fec0::1', 'private'],
  ['::ffff:192.168.1.1', 'private'],
  ['169.254.169.254', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['ff02::1', 'never'],
  ['fe80::1', 'never'],
  ['255.255.255.255', 'never'],
  ['240.0.0.1', 'never'],
  ['198.18.0.1', 'never'],
  ['192.0.2.1', 'never'],
  ['64:ff9b::7f00:1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['2001::1', 'never'],
  ['not an address', 'never'],
]
test.each(ranges)('%s may be reached: %s', (address, when) => {
  expect(mayReach(nobody, 'a.example', address)).toBe(when === 'always')
  expect(mayReach({ ...nobody, allowPrivate: true }, 'a.example', address)).toBe(when !== 'never')
  expect(mayReach({ ...nobody, hosts: new Set(['a.example']) }, 'A.example', address)).toBe(true)
})

test.each([
  ['', []],
  [' Hooks.Example.com, 10.0.0.7,fd00::1 ', ['hooks.example.com', '10.0.0.7', 'fd00::1']],
  ['https://a.example', null],
  ['a.example:8080', null],
  ['*.example', null],
])('the hosts "%s" are opened as %j', (text, hosts) => {
  const read = HostList.safeParse(text)
  expect(read.success ? [...read.data] : null).toEqual(hosts)
})
