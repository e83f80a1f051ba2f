/** The API as an Express app over a world that is given to it: what the server listens with and what tests import. */
import cookieParser from 'cookie-parser'
import express, { type Express, type RequestHandler } from 'express'
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
import { errorMiddleware } from './error-middleware.ts'
import { createInstallations } from './models/installations.ts'
import { createInstallerProgram } from './models/installer-program.ts'
import { mountRoutes, refuseUnknownRoute } from './mount-routes.ts'
import { openapiDocument } from './openapi.ts'
import { otherOrigins } from './other-origins.ts'
import { ProblemError } from './problem.ts'
import { referencePage } from './reference-page.ts'
import { createLimits } from './request-limits.ts'
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

  const document = JSON.stringify(openapiDocument())
  const describe: RequestHandler = (_request, response) =>
    void response.set('Cache-Control', 'no-cache').type('json').send(document)
  app.get('/openapi.json', describe)
  app.get('/api/v1/openapi.json', describe)
  app.use('/api/v1', otherOrigins(config.allowedOrigins), referencePage())
  app.use('/api/v1', mountRoutes(routes, studio, createLimits(config)))
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
