/** What the process is told by its environment; wrong values end it with a sentence that names them. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { DocumentsUrl, readSourceConfig } from '@defect-studio/stores'
import { z } from 'zod'
import { oidcEnvironment, readOidcConfig } from './auth/oidc-config.ts'
import { HostList } from './webhooks/host-list.ts'
import { defaultFrom, MailFrom, SmtpUrl } from './mail/mail-settings.ts'
import { metricsEnvironment, readMetricsAddress } from './metrics/serve-metrics.ts'

/** `https://erp.example.com, https://lab.example.com:8443`: scheme, host and port, nothing after them. */
const Origins = z.string().transform((text, context) => {
  const origins = text.split(',').map((each) => each.trim())
  for (const each of origins)
    if (!URL.canParse(each) || new URL(each).origin !== each)
      context.addIssue(`"${each}" is no origin such as https://erp.example.com`)
  return origins
})

const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TLS: z.stringbool().default(false),
  TEMPORAL_API_KEY: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  PUBLIC_URL: z.url().optional(),
  ARTIFACTS_URL: z.url().optional(),
  DOCUMENTS_URL: DocumentsUrl.optional(),
  SMTP_URL: SmtpUrl.optional(),
  MAIL_FROM: MailFrom.optional(),
  SIGNING_SECRET_FILE: z.string().optional(),
  COMPONENTS_FILE: z.string().optional(),
  EDITOR_DIR: z.string().optional(),
  MODELS_DIR: z.string().optional(),
  STUDIO_MODELS_PROGRAM: z.string().optional(),
  SETUP_CODE: z.string().optional(),
  /** Of the worker that the supervisor starts beside the API; WORKER_TOKEN is the name that the worker knows. */
  LOCAL_WORKER_TOKEN: z.string().min(20).optional(),
  WORKER_TOKEN: z.string().min(20).optional(),
  OWNER_LOGIN_ID: z.string().optional(),
  OWNER_PASSWORD: z.string().optional(),
  OWNER_EMAIL: z.string().optional(),
  SOURCE_ROOTS: z.string().optional(),
  SOURCE_BUCKETS: z.string().optional(),
  ALLOWED_WEBHOOK_HOSTS: HostList.default(new Set()),
  ALLOW_PRIVATE_WEBHOOKS: z.stringbool().default(false),
  ALLOW_EXTERNAL_MAIL: z.stringbool().default(false),
  RATE_LIMIT_PER_KEY: z.coerce.number().int().min(0).default(6_000),
  RATE_LIMIT_PER_MEMBER: z.coerce.number().int().min(0).default(12_000),
  ALLOWED_ORIGINS: Origins.default([]),
  ...oidcEnvironment,
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  ...metricsEnvironment,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** An empty variable counts as none, as `.env` files have them. */
export function readEnv(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success)
    throw new Error(`The environment is not complete:\n${z.prettifyError(parsed.error)}\nSee .env.example.`)
  const data = parsed.data
  if (data.SMTP_URL && !data.MAIL_FROM)
    throw new Error(
      'SMTP_URL is set and MAIL_FROM is not: name whom mails come from, as MAIL_FROM="DefectStudio <studio@example.com>".',
    )
  const dataFolder = path.resolve(data.DATA_DIR)
  const metrics = readMetricsAddress(data)
  return {
    ...data,
    MAIL_FROM: data.MAIL_FROM ?? defaultFrom,
    MODELS_DIR: path.resolve(data.MODELS_DIR ?? path.join(dataFolder, 'models')),
    ARTIFACTS_URL: data.ARTIFACTS_URL ?? pathToFileURL(path.join(dataFolder, 'artifacts')).href,
    LOCAL_WORKER_TOKEN: data.LOCAL_WORKER_TOKEN ?? data.WORKER_TOKEN,
    metrics,
    sources: readSourceConfig(data),
    oidc: readOidcConfig(data),
    SIGNING_SECRET_FILE: data.SIGNING_SECRET_FILE ?? path.join(dataFolder, 'secrets', 'signing'),
  }
}
export type ApiEnv = ReturnType<typeof readEnv>
