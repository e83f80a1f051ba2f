/** A whole API on a port, over a database and a folder of its own and the real Temporal server; for tests. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDatabase, type Role } from '@defect-studio/prisma'
import { createFileStore, createLedger, createPostgresDocuments, noSources } from '@defect-studio/stores'
import { Client, Connection } from '@temporalio/client'
import { pino } from 'pino'
import sharp from 'sharp'
import { createTestDatabase } from '../scripts/testing/test-database.ts'
import { testTemporalAddress } from '../scripts/testing/test-temporal.ts'
import { createApp } from './app.ts'
import { hashPassword } from './auth/passwords.ts'
import type { ApiConfig } from './config.ts'
import { createMailer } from './mail/mailer.ts'
import { openRunEventChannel } from './run-event-channel.ts'

export const owner = {
  loginId: 'owner',
  password: 'correct horse battery',
  email: 'owner@example.com',
  name: 'Olga Owner',
}

interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

/** The fields that tests read from answers of all kinds; what an answer lacks fails the assertion on it. */
export interface AnyBody {
  accessToken: string
  available: number
  cancelAskedAt: string
  code: string
  components: AnyBody[]
  cost: number
  count: number
  department: AnyBody
  detail: string
  expiresAt: string
  field: string
  height: number
  id: string
  image: AnyBody
  items: AnyBody[]
  key: string
  loginId: string
  mask: AnyBody
  member: AnyBody
  message: string
  name: string
  needed: number
  needsCode: boolean
  nextCursor: string | null
  nodeId: string
  nodeRuns: AnyBody[]
  outputs: AnyBody[]
  posted: number
  problems: AnyBody[]
  quote: number
  remedy: string
  requestId: string
  revision: number
  state: string
  status: string
  thumbnailUrl: string
  token: string
  type: string
  url: string
  width: number
}

export interface CallOptions {
  token?: string | undefined
  json?: unknown
  body?: NonNullable<RequestInit['body']>
  headers?: Record<string, string>
}

export type TestStudio = Awaited<ReturnType<typeof startTestStudio>>

interface TestStudioOptions {
  config?: Partial<ApiConfig>
  databaseUrl?: string
  temporalAddress?: string
  /** A mail server to send through; without it mails are caught. */
  smtpUrl?: string
}

export async function startTestStudio(options: TestStudioOptions = {}) {
  const databaseUrl = options.databaseUrl ?? (await createTestDatabase())
  const folder = await mkdtemp(path.join(tmpdir(), 'api-test-'))
  const db = createDatabase(databaseUrl, { connections: 5 })
  const ledger = createLedger(db)
  const artifacts = createFileStore(folder)
  const connection = Connection.lazy({ address: options.temporalAddress ?? (await testTemporalAddress()) })
  const temporal = new Client({ connection })
  const log = pino({ level: 'silent' })
  const events = openRunEventChannel(db, databaseUrl, log)
  await events.ready
  const config: ApiConfig = {
    signingSecret: randomBytes(32),
    publicUrl: null,
    setupCode: null,
    componentsFile: null,
    editorFolder: null,
    modelsProgram: null,
    modelsFolder: null,
    temporalNamespace: 'default',
    signInsPerMinute: 1000,
    requestsPerMinute: { key: 1_000_000, member: 1_000_000 },
    allowedOrigins: [],
    webhookTargets: { allowPrivate: false, hosts: new Set() },
    allowExternalMail: false,
    sources: noSources,
    oidc: null,
    ...options.config,
  }
  const documents = createPostgresDocuments(db)
  const mailer = await createMailer({
    smtpUrl: options.smtpUrl ?? null,
    from: 'DefectStudio <studio@example.com>',
    db,
    documents,
    log,
    retryAfterMs: (attempt) => (attempt < 3 ? 0 : 3_600_000),
  })
  const studio = createApp({
    db,
    ledger,
    documents,
    artifacts,
    events,
    mailer,
    temporal,
    config,
    log,
    isPrepared: () => true,
  })
  const server = await new Promise<Server>((resolve) => {
    const listening = studio.app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`

  const call = async <T = AnyBody>(
    method: string,
    route: string,
    given: CallOptions = {},
  ): Promise<Answer<T>> => {
    const headers = new Headers(given.headers)
    if (given.token) headers.set('authorization', `Bearer ${given.token}`)
    if (given.json !== undefined) headers.set('content-type', 'application/json')
    const response = await fetch(route.startsWith('http') ? route : url + route, {
      method,
      headers,
      ...(given.json === undefined ? {} : { body: JSON.stringify(given.json) }),
      ...(given.body === undefined ? {} : { body: given.body }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    }
  }
  const signIn = async (loginId: string, password: string) =>
    call('POST', '/api/v1/auth/login', { json: { loginId, password } })

  return {
    url,
    db,
    ledger,
    temporal,
    artifacts,
    events,
    mailer,
    config,
    databaseUrl,
    call,
    signIn,
    /** First visit and sign-in. @returns the owner's access token. */
    async signInOwner(): Promise<string> {
      await call('POST', '/api/v1/setup/owner', { json: owner })
      return (await signIn(owner.loginId, owner.password)).body.accessToken
    },
    /** A further member; of a department of the same name when there is one. @returns the access token. */
    async signInMember(
      loginId: string,
      role: Role = 'department_member',
      department = loginId,
    ): Promise<string> {
      const password = 'password of a member'
      const { id: departmentId } = await db.department.upsert({
        where: { name: department },
        create: { name: department },
        update: {},
      })
      const passwordHash = await hashPassword(password)
      const name = loginId
      await db.member.create({
        data: {
          loginId,
          name,
          nickname: name,
          email: `${name}@example.com`,
          passwordHash,
          role,
          departmentId,
        },
      })
      return (await signIn(loginId, password)).body.accessToken
    },
    async upload(token: string, bytes: Uint8Array, name = 'part.png') {
      const form = new FormData()
      form.set('file', new Blob([Uint8Array.from(bytes)]), name)
      return call('POST', '/api/v1/artifacts', { token, body: form })
    },
    /** What SIGTERM does first. */
    drain: () => studio.close(),
    async close() {
      await studio.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await mailer.close()
      await events.close()
      await connection.close()
      await db.$disconnect()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A PNG of one colour; different numbers make different pictures. */
export function picture(shade = 0, width = 32, height = 24): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: shade, g: 90, b: 200 } } })
    .png()
    .toBuffer()
}

/** load image → draw defect → save, with a declared input and two outputs. Costs 1 token a picture. */
export const defectGraph = {
  formatVersion: 2,
  nodes: [
    { id: 'load', type: 'load-image', position: { x: 0, y: 0 }, params: {} },
    { id: 'draw', type: 'draw-defect', position: { x: 1, y: 0 }, params: { kind: 'crack' } },
    { id: 'save', type: 'save-to-gallery', position: { x: 2, y: 0 }, params: {} },
  ],
  edges: [
    { id: 'a', source: 'load', sourceHandle: 'image', target: 'draw', targetHandle: 'image' },
    { id: 'b', source: 'draw', sourceHandle: 'image', target: 'save', targetHandle: 'image' },
    { id: 'c', source: 'draw', sourceHandle: 'mask', target: 'save', targetHandle: 'mask' },
  ],
  inputs: [{ name: 'photo', nodeId: 'load', field: 'image' }],
  outputs: [
    { name: 'picture', nodeId: 'draw', port: 'image' },
    { name: 'mask', nodeId: 'draw', port: 'mask' },
  ],
}
