/** The API as an Express app over a world that is given to it: what the server listens with and what tests import. */
import cookieParser from 'cookie-parser'
import express, { type Express, type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { findOidcMember } from './accounts/find-oidc-member.ts'
import { createArtifactLinks } from './artifacts/artifact-links.ts'
import { createThumbnails } from './artifacts/thumbnails.ts'
import { createAuditTrail } from './audit/audit-trail.ts'
import { createAuthenticator } from './auth/authenticator.ts'
import { createOidcProvider } from './auth/oidc-provider.ts'
import { OidcStrategy } from './auth/oidc-strategy.ts'
import { createSessions } from './auth/sessions.ts'
import { signingKey } from './auth/signing-keys.ts'
import { startDispatcher } from './dispatch-runs.ts'
import { errorMiddleware, sendProblem } from './error-middleware.ts'
import { createInstallations } from './models/installations.ts'
import { createInstallerProgram } from './models/installer-program.ts'
import { mountRoutes } from './mount-routes.ts'
import { openapiDocument } from './openapi.ts'
import { ProblemError } from './problem.ts'
import { requestLog } from './request-log.ts'
import { routes } from './routes/index.ts'
import { startScheduleSync } from './schedules/sync-schedules.ts'
import { serveEditor } from './serve-editor.ts'
import type { Studio, StudioWorld } from './studio.ts'
import { startReviewTeller } from './tell-reviews.ts'
import { startDeliverer } from './webhooks/deliverer.ts'

/** Whoever takes longer should take the message first and work on it afterwards. */
const webhookTimeoutMs = 10_000

export interface StudioApp {
  app: Express
  /** Ends open event streams and stops handing over runs. What the world holds stays open. */
  close(): Promise<void>
}

export function createApp(world: StudioWorld): StudioApp {
  const { db, artifacts, config, log } = world
  const key = (purpose: Parameters<typeof signingKey>[1]) => signingKey(config.signingSecret, purpose)
  const sessions = createSessions(db, key('refresh-token'))
  const oidc = config.oidc && createOidcProvider(config.oidc, config)
  const strategy =
    config.oidc && oidc && new OidcStrategy(oidc, findOidcMember.bind(null, world, config.oidc))
  const closing = new AbortController()
  const studio: Studio = {
    ...world,
    sessions,
    authenticator: createAuthenticator(db, sessions, key('access-token'), strategy),
    oidc,
    audit: createAuditTrail(db, log),
    links: createArtifactLinks(key('artifact-link')),
    thumbnails: createThumbnails(artifacts),
    dispatcher: startDispatcher(world),
    schedules: startScheduleSync(world),
    deliverer: startDeliverer({
      db,
      log,
      signingSecret: config.signingSecret,
      rules: { policy: config.webhookTargets, timeoutMs: webhookTimeoutMs },
    }),
    reviewTeller: startReviewTeller(world),
    installations: createInstallations(createInstallerProgram(config, process.env, log)),
    feeds: new Map(),
    closing: closing.signal,
  }

  const app = express()
  app.disable('x-powered-by')
  const isHttps = config.publicUrl?.protocol === 'https:'
  // A TLS proxy on this machine or in this network says in X-Forwarded-For who asks; without one nobody is believed.
  app.set('trust proxy', isHttps ? 'loopback, linklocal, uniquelocal' : false)
  for (const watcher of [world.telemetry, world.metrics]) if (watcher) app.use(watcher.requests)
  app.use(requestLog(log), securityHeaders(isHttps), cookieParser())

  const api = express.Router()
  const document = JSON.stringify(openapiDocument())
  api.get('/openapi.json', (_request, response) => void response.type('json').end(document))
  api.use(
    mountRoutes(routes, studio, {
      secrets: limitPerMinute(config.signInsPerMinute, 'Too many attempts from this address.'),
      messages: limitPerMinute(messagesPerMinute, 'Too many messages to this hook.', byAddressAndPath),
    }),
  )
  app.use('/api/v1', api)
  app.use('/api', refuseUnknownRoute)
  if (config.editorFolder !== null) app.use(serveEditor(config.editorFolder))
  app.use(() => {
    throw new ProblemError('not-found', 'There is nothing here.')
  })
  app.use(errorMiddleware())

  return {
    app,
    async close() {
      closing.abort()
      await Promise.all([
        studio.dispatcher.stop(),
        studio.schedules.stop(),
        studio.deliverer.stop(),
        studio.reviewTeller.stop(),
        studio.installations.close(),
        studio.audit.close(),
      ])
    },
  }
}

const refuseUnknownRoute: RequestHandler = (request) => {
  const path = request.path.slice(0, 200)
  const detail = `There is no route ${request.method} /api${path}.`
  throw new ProblemError('not-found', detail, {
    remedy: path.startsWith('/v1')
      ? 'See /api/v1/openapi.json.'
      : `Everything is below /api/v1: try /api/v1${path}.`,
  })
}

function securityHeaders(isHttps: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Pictures come as signed links, as files that are just being uploaded, and as drawn masks.
        imgSrc: ["'self'", 'blob:', 'data:'],
        // Mantine writes its colours into style elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only who has TLS may promise it for a year.
    strictTransportSecurity: isHttps,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** So that nobody else uses up what a hook may take. */
const byAddressAndPath = (request: express.Request) =>
  `${ipKeyGenerator(request.ip ?? '', 56)} ${request.path}`

/** Two a second; whoever has more pictures than that sends a batch. */
const messagesPerMinute = 120

/**
 * Slows down whoever tries many login ids from one address; per login id `waitTurn` does.
 * @param keyOf what is counted; the address when absent.
 */
function limitPerMinute(perMinute: number, words: string, keyOf?: (request: express.Request) => string) {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    ...(keyOf ? { keyGenerator: keyOf } : { ipv6Subnet: 56 }),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) =>
      sendProblem(
        new ProblemError('too-many-attempts', words, {
          remedy: 'Wait a minute.',
          retryAfterSeconds: 60,
        }),
        request,
        response,
      ),
  })
}
