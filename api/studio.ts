/** What every route may use: the stores, Temporal, and the API's own services, given from outside. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { ArtifactStore, DocumentStore, Ledger } from '@defect-studio/stores'
import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { ArtifactLinks } from './artifacts/artifact-links.ts'
import type { Thumbnails } from './artifacts/thumbnails.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import type { Authenticator } from './auth/authenticator.ts'
import type { OidcProvider } from './auth/oidc-provider.ts'
import type { Sessions } from './auth/sessions.ts'
import type { ApiConfig } from './config.ts'
import type { RunDispatcher } from './dispatch-runs.ts'
import type { EventFeed } from './events/event-feed.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Metrics } from './metrics/create-metrics.ts'
import type { Installations } from './models/installations.ts'
import type { RunEventChannel } from './run-event-channel.ts'
import type { Duty } from './dispatch/keep-up.ts'
import type { Pump } from './outbox/start-pump.ts'
import type { ScheduleSync } from './schedules/sync-schedules.ts'
import type { Telemetry } from './telemetry.ts'

/** What `createApp` is given: the world. */
export interface StudioWorld {
  db: PrismaClient
  ledger: Ledger
  documents: DocumentStore
  artifacts: ArtifactStore
  events: RunEventChannel
  mailer: Mailer
  temporal: Client
  config: ApiConfig
  log: Logger
  /** Where somebody asked for them. */
  telemetry?: Pick<Telemetry, 'requests'> | null
  metrics?: Metrics | null
  /** Whether the first steps of a start are done: before, the owner whom the environment names cannot sign in. */
  isPrepared(): boolean
}

export interface Studio extends StudioWorld {
  sessions: Sessions
  authenticator: Authenticator
  /** Null where none is configured. */
  oidc: OidcProvider | null
  audit: AuditTrail
  links: ArtifactLinks
  thumbnails: Thumbnails
  dispatcher: RunDispatcher
  installations: Installations
  schedules: ScheduleSync
  /** Sends webhooks that wait. */
  deliverer: Pump
  /** Tells runs what people have decided. */
  reviewTeller: Duty
  /** The open streams of events of this process, by their ids. */
  feeds: Map<string, EventFeed>
  /** Aborts when the process is asked to stop: open event streams end. */
  closing: AbortSignal
}
