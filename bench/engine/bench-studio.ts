/** A whole studio for the bench, as `npm start` makes it, without its inference worker: that one is the bench's own. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createLedger, microPerToken } from '@defect-studio/stores'
import { Client, Connection } from '@temporalio/client'
import { z } from 'zod'
import { postgresUrl } from '../../scripts/embedded-postgres.mjs'
import { owner, startStudio } from '../../scripts/e2e/studio.ts'

export interface BenchStudio {
  url: string
  dataDir: string
  databaseUrl: string
  temporalAddress: string
  workerToken: string
  db: Database
  temporal: Client
  /** Asks the API for a member; throws with what it answered unless it went well. */
  ask<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown, token?: string): Promise<T>
  ownerToken: string
  ownerId: string
  departmentId: string
  close(): Promise<void>
}

const Ports = z.object({ postgres: z.number(), temporal: z.number() })
/** Enough for every run of the bench. */
const tokens = 1_000_000n

export async function startBenchStudio(): Promise<BenchStudio> {
  const studio = await startStudio({
    env: { INFERENCE_WORKER: 'elsewhere', RATE_LIMIT_PER_KEY: '0', RATE_LIMIT_PER_MEMBER: '0' },
  })
  const secret = async (name: string) =>
    (await readFile(join(studio.dataDir, 'secrets', name), 'utf8')).trim()
  const ports = Ports.parse(JSON.parse(await readFile(join(studio.dataDir, 'run', 'ports.json'), 'utf8')))
  const databaseUrl = postgresUrl({ port: ports.postgres, password: await secret('postgres-password') })
  const temporalAddress = `127.0.0.1:${ports.temporal}`
  const db = createDatabase(databaseUrl, { connections: 16 })
  const connection = await Connection.connect({ address: temporalAddress })

  const ask: BenchStudio['ask'] = async (schema, method, path, body, token) => {
    const answer = await fetch(new URL(path, studio.url), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
    return schema.parse(text === '' ? undefined : JSON.parse(text))
  }
  const { accessToken } = await ask(z.object({ accessToken: z.string() }), 'POST', '/api/v1/auth/login', {
    loginId: owner.loginId,
    password: owner.password,
  })
  // Access tokens end after minutes; a bench may take longer.
  const { key } = await ask(
    z.object({ key: z.string() }),
    'POST',
    '/api/v1/api-keys',
    { name: 'bench' },
    accessToken,
  )
  const member = await db.member.findUniqueOrThrow({ where: { loginId: owner.loginId } })
  const ledger = createLedger(db)
  const { departmentId, id: memberId } = member
  const amount = tokens * microPerToken
  await ledger.issue({ idem: 'bench:issue', departmentId, amount, expiresAt: null, byMemberId: null })
  await ledger.distribute({ idem: 'bench:give', departmentId, memberId, amount, byMemberId: null })
  return {
    ...studio,
    databaseUrl,
    temporalAddress,
    workerToken: await secret('worker-token'),
    db,
    temporal: new Client({ connection, namespace: 'default' }),
    ask,
    ownerToken: key,
    ownerId: memberId,
    departmentId,
    async close() {
      await connection.close()
      await db.$disconnect()
      await studio.stop()
    },
  }
}
