/** The API's process: reads the environment, opens the stores, listens, and ends in order. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import path from 'node:path'
import { createDatabase } from '@defect-studio/prisma'
import { createLedger, openArtifactStore, openDocuments, surviveLostConnections } from '@defect-studio/stores'
import { Client, Connection } from '@temporalio/client'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { type ApiEnv, readEnv } from './env.ts'
import { createMailRetries } from './mail/mail-retries.ts'
import { createMailer } from './mail/mailer.ts'
import { createMetrics } from './metrics/create-metrics.ts'
import { serveMetrics } from './metrics/serve-metrics.ts'
import { tellOfMissedTokens } from './mail/tell-tokens.ts'
import { openRunEventChannel } from './run-event-channel.ts'
import { readOwner, takeFirstSteps } from './setup/first-steps.ts'
import { chooseSetupCode } from './setup/setup-code.ts'
import { readSigningSecret } from './setup/signing-secret.ts'
import type { StudioWorld } from './studio.ts'
import { startTelemetry, type Telemetry } from './telemetry.ts'

/** A model of 5 GB over a slow line takes longer than the five minutes that Node gives a request. */
const requestMs = 60 * 60_000

/** Requests that are under way get this long to finish. */
const drainMs = 5_000

async function main(): Promise<void> {
  const env = readEnv(process.env)
  readOwner(env)
  const log = pino({ level: env.LOG_LEVEL, base: { process: 'api' } })
  surviveLostConnections(log)
  const telemetry = await startTelemetry(env)
  const onConnectionLost = (error: Error) => log.warn({ err: error }, 'a database connection broke')
  const db = createDatabase(env.DATABASE_URL, { onConnectionLost })
  const { documents, close: closeDocuments } = openDocuments({ url: env.DOCUMENTS_URL, db, onConnectionLost })
  const temporal = connectTemporal(env, telemetry)
  const mailer = await createMailer({
    smtpUrl: env.SMTP_URL ?? null,
    from: env.MAIL_FROM,
    db,
    documents,
    log,
    retries: createMailRetries(temporal),
  })
  const events = openRunEventChannel(db, env.DATABASE_URL, log)
  const { TEMPORAL_NAMESPACE: temporalNamespace } = env
  const metrics = env.metrics && (await createMetrics({ db, temporal, temporalNamespace, log }))
  const ledger = createLedger(db)
  const setupCode = chooseSetupCode(env, (line) => process.stdout.write(line))
  let prepared = false
  const world: StudioWorld = {
    isPrepared: () => prepared,
    db,
    ledger,
    events,
    temporal,
    log,
    telemetry,
    metrics,
    documents,
    mailer,
    artifacts: openArtifactStore(env.ARTIFACTS_URL),
    config: {
      signingSecret: await readSigningSecret(env.SIGNING_SECRET_FILE),
      publicUrl: env.PUBLIC_URL ? new URL(env.PUBLIC_URL) : null,
      setupCode,
      componentsFile: env.COMPONENTS_FILE ?? null,
      editorFolder: findEditor(env.EDITOR_DIR),
      modelsProgram: env.STUDIO_MODELS_PROGRAM ?? null,
      modelsFolder: env.MODELS_DIR,
      temporalNamespace: env.TEMPORAL_NAMESPACE,
      signInsPerMinute: 30,
      requestsPerMinute: { key: env.RATE_LIMIT_PER_KEY, member: env.RATE_LIMIT_PER_MEMBER },
      allowedOrigins: env.ALLOWED_ORIGINS,
      sources: env.sources,
      oidc: env.oidc,
      webhookTargets: { allowPrivate: env.ALLOW_PRIVATE_WEBHOOKS, hosts: env.ALLOWED_WEBHOOK_HOSTS },
      allowExternalMail: env.ALLOW_EXTERNAL_MAIL,
    },
  }
  // What was being sent when the last process ended.
  await rm(path.join(env.MODELS_DIR, '.uploads'), { recursive: true, force: true })
  const studio = createApp(world)
  const stopping = new AbortController()
  const firstSteps = takeFirstSteps({ db, ledger, log }, env, stopping.signal).then(async () => {
    prepared = true
    await tellOfMissedTokens(world)
  })
  const server = await listen(studio.app, env)
  log.info({ address: `http://${env.HOST}:${portOf(server)}` }, 'listening')
  const scrapes = env.metrics && metrics ? await serveMetrics(metrics, env.metrics) : null
  if (scrapes) log.info({ address: scrapes.url }, 'metrics')

  const stop = async (signal: string) => {
    if (stopping.signal.aborted) return
    stopping.abort()
    log.info({ signal }, 'stopping')
    const closed = new Promise((resolve) => server.close(resolve))
    setTimeout(() => server.closeAllConnections(), drainMs).unref()
    await studio.close()
    server.closeIdleConnections()
    await Promise.all([closed, firstSteps])
    await scrapes?.close()
    await mailer.close()
    await events.close()
    await temporal.connection.close()
    await closeDocuments()
    await db.$disconnect()
    await telemetry?.close()
    log.info('stopped')
  }
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => {
      stop(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed')
          process.exit(1)
        },
      )
    })
}

/** Connects when first used, and again whenever the server was away. */
function connectTemporal(env: ApiEnv, telemetry: Telemetry | null): Client {
  const connection = Connection.lazy({
    address: env.TEMPORAL_ADDRESS,
    tls: env.TEMPORAL_TLS,
    ...(env.TEMPORAL_API_KEY ? { apiKey: env.TEMPORAL_API_KEY } : {}),
  })
  const interceptors = telemetry ? { workflow: [telemetry.workflows] } : {}
  return new Client({ connection, namespace: env.TEMPORAL_NAMESPACE, interceptors })
}

/** Beside the bundled API, or where a build from source puts it; null when the editor is not built. */
function findEditor(given: string | undefined): string | null {
  const places = given ? [given] : ['editor', '../dist/editor']
  const folders = places.map((place) => path.resolve(import.meta.dirname, place))
  return folders.find((folder) => existsSync(path.join(folder, 'index.html'))) ?? null
}

function listen(app: ReturnType<typeof createApp>['app'], env: ApiEnv): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(env.PORT, env.HOST, (error) => (error ? reject(error) : resolve(server)))
    server.requestTimeout = requestMs
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
