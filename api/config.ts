/** What the app must be told; `env.ts` reads it from the environment, tests write it down. */
import type { SourceConfig } from '@defect-studio/stores'
import type { OidcConfig } from './auth/oidc-config.ts'
import type { TargetPolicy } from './webhooks/target-policy.ts'

export interface ApiConfig {
  /** Everything that is signed is signed with keys derived from this. At least 32 bytes. */
  signingSecret: Buffer
  /** The address that people open, if it is known; decides on secure cookies and on which origin is ours. */
  publicUrl: URL | null
  /** When set, the first visit must show it. */
  setupCode: string | null
  /** Where the supervisor writes what it runs; null when nobody supervises. */
  componentsFile: string | null
  /** Folder of the built editor; null serves the API alone. */
  editorFolder: string | null
  /** The program that installs models; null where it is not built. */
  modelsProgram: string | null
  /** Where models lie on this machine. */
  modelsFolder: string | null
  temporalNamespace: string
  /** Requests per minute and address to the routes that check passwords and codes. */
  signInsPerMinute: number
  /** Where else people may sign in; null: nowhere. */
  oidc: OidcConfig | null
  /** Requests per minute of one API key and of one signed-in member; 0: as many as they like. */
  requestsPerMinute: { key: number; member: number }
  /** Pages of other sites that may ask the API with a key, as `https://erp.example.com`. */
  allowedOrigins: readonly string[]
  /** Folders and buckets that are opened to graphs. */
  sources: SourceConfig
  /** Where webhooks may go. */
  webhookTargets: TargetPolicy
  /** Whether runs may send mails to people who are no members. */
  allowExternalMail: boolean
}
