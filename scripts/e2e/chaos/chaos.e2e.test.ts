/** Fifty runs of mixed graphs while processes are killed at random: nothing is lost, doubled, or paid twice. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createLedger, openArtifactStore } from '@defect-studio/stores'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { postgresUrl } from '../../embedded-postgres.mjs'
import { owner, root, startStudio, type Studio } from '../studio.ts'
import { killAtRandom } from './kill-at-random.ts'
import { mixedRun, type MixedRun } from './mixed-graphs.ts'
import { createPatientApi, type PatientApi } from './patient-api.ts'
import { createChance } from './random.ts'

/** `npm run chaos -- --minutes 60` sets them. */
const minutes = Number(process.env['CHAOS_MINUTES'] ?? 2)
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 2 ** 31)
const runsPerTwoMinutes = 50
const endsWithinMs = 8 * 60_000

const Id = z.object({ id: z.string() })
const Picture = z.object({ key: z.string(), mediaType: z.string(), bytes: z.number() })
const Folder = z.looseObject({ name: z.string(), count: z.number() })

let studio: Studio
let api: PatientApi
let db: Database

beforeAll(async () => {
  studio = await startStudio()
  const login = await fetch(new URL('/api/v1/auth/login', studio.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loginId: owner.loginId, password: owner.password }),
  })
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await login.json())
  const { key } = await createPatientApi(studio.url, accessToken).ask(
    z.object({ key: z.string() }),
    'POST',
    '/api/v1/api-keys',
    { name: 'chaos' },
  )
  api = createPatientApi(studio.url, key)
  const ports = z
    .object({ postgres: z.number() })
    .parse(JSON.parse(await readFile(join(studio.dataDir, 'run', 'ports.json'), 'utf8')))
  const password = (await readFile(join(studio.dataDir, 'secrets', 'postgres-password'), 'utf8')).trim()
  db = createDatabase(postgresUrl({ port: ports.postgres, password }), { connections: 2 })
}, 15 * 60_000)

afterAll(async () => {
  await db?.$disconnect()
  await studio?.stop()
})

test(
  `runs end right and the ledger balances after ${minutes} minutes of kills`,
  { timeout: minutes * 60_000 + endsWithinMs + 120_000 },
  async () => {
    console.log(`CHAOS_SEED=${seed}`)
    const chance = createChance(seed)
    await giveTokens()
    const folder = await uploadFolder()
    const stop = new AbortController()
    const killing = killAtRandom(studio, createChance(seed + 1), stop.signal)
    const until = Date.now() + minutes * 60_000
    const count = Math.round((runsPerTwoMinutes * minutes) / 2)
    const started: { id: string; run: MixedRun }[] = []
    const cancels: Promise<unknown>[] = []
    for (let k = 0; k < count; k++) {
      const run = mixedRun(chance, folder)
      const { id } = await api.ask(Id, 'POST', '/api/v1/runs', run.body, `chaos-${seed}-${k}`)
      started.push({ id, run })
      if (run.kind === 'long') cancels.push(cancelLater(id, chance.below(6_000)))
      // Two thirds of the time for the starts; the kills go on while the last of them work.
      await wait(Math.max(0, (until - Date.now() - (minutes * 60_000) / 3) / (count - k)))
    }
    await wait(Math.max(0, until - Date.now()))
    stop.abort()
    const kills = await killing
    await Promise.all(cancels)
    console.log(`kills ${JSON.stringify(kills)}, runs ${started.length}`)
    await allEnded(started.map(({ id }) => id))

    let spent = 0n
    for (const { id, run } of started) {
      const row = await db.run.findUniqueOrThrow({ where: { id }, include: { nodeRuns: true } })
      const cost = row.nodeRuns.reduce((sum, node) => sum + node.cost, 0n)
      spent += cost
      const about = `${run.kind} ${id}: ${JSON.stringify(row.failure)}`
      if (run.kind === 'long') {
        expect(['cancelled', 'succeeded'], about).toContain(row.status)
        continue
      }
      expect(row.status, about).toBe('succeeded')
      expect(cost, about).toBe(BigInt(run.tokens) * 1_000_000n)
      expect(await db.image.count({ where: { runId: id } }), about).toBe(run.pictures)
      const open = { runId: id, state: { notIn: ['succeeded' as const] } }
      expect(await db.nodeRunItem.count({ where: open }), about).toBe(0)
    }

    const holds = await db.$queryRaw<{ open: bigint }[]>`
      SELECT count(*) AS "open" FROM "Transfer" AS "hold" WHERE "kind" = 'hold'
        AND NOT EXISTS (SELECT FROM "Transfer" WHERE "resolves" = "hold"."id")`
    expect(holds[0]?.open, 'holds are open').toBe(0n)
    const captured = await db.transfer.aggregate({ where: { kind: 'capture' }, _sum: { amount: true } })
    expect(captured._sum.amount ?? 0n, 'what was charged is what the runs cost').toBe(spent)
    expect(await createLedger(db).checkInvariants()).toEqual([])
    await eachArtifactOnce()
  },
)

async function giveTokens(): Promise<void> {
  const amount = 100_000
  await api.ask(z.unknown(), 'POST', '/api/v1/tokens/issue', { amount }, `chaos-issue-${seed}`)
  const { id: memberId } = await db.member.findUniqueOrThrow({ where: { loginId: owner.loginId } })
  await api.ask(z.unknown(), 'POST', '/api/v1/tokens/distribute', { memberId, amount }, `chaos-give-${seed}`)
}

async function uploadFolder(): Promise<z.infer<typeof Folder>> {
  const photos = join(root, 'examples/photos')
  const names = (await readdir(photos)).filter((name) => /\.(jpg|png)$/.test(name)).slice(0, 6)
  const items: { key: string; name: string }[] = []
  for (const name of names) {
    const form = new FormData()
    form.append('file', new Blob([await readFile(join(photos, name))]), name)
    const { key } = await api.ask(Picture, 'POST', '/api/v1/artifacts', form)
    items.push({ key, name })
  }
  return api.ask(Folder, 'POST', '/api/v1/collections', { name: 'photos', items })
}

async function cancelLater(id: string, afterMs: number): Promise<void> {
  await wait(afterMs)
  await api.ask(z.unknown(), 'POST', `/api/v1/runs/${id}/cancel`)
}

/** A run that is not ended by then has been lost. */
async function allEnded(ids: readonly string[]): Promise<void> {
  const until = Date.now() + endsWithinMs
  for (;;) {
    const open = await db.run
      .findMany({ where: { id: { in: [...ids] }, endedAt: null }, select: { id: true, status: true } })
      // PostgreSQL may be coming back from its last kill.
      .catch(() => null)
    if (open?.length === 0) return
    if (Date.now() > until) throw new Error(`These runs have not ended: ${JSON.stringify(open)}`)
    await wait(500)
  }
}

/** Every artifact that a row names lies in the store under the hash of its bytes; no half-written file is left beside. */
async function eachArtifactOnce(): Promise<void> {
  const folder = join(studio.dataDir, 'artifacts')
  const store = openArtifactStore(pathToFileURL(folder).href)
  for (const { key, bytes } of await db.artifact.findMany({ select: { key: true, bytes: true } }))
    expect((await store.get(key)).byteLength, key).toBe(Number(bytes))
  const files = (await readdir(folder, { recursive: true })).map((name) => name.split('/').at(-1) ?? '')
  const keys = files.filter((name) => /^[0-9a-f]{64}$/.test(name))
  expect(new Set(keys).size).toBe(keys.length)
  expect((await stat(folder)).isDirectory()).toBe(true)
}
