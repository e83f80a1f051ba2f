/** What a backup says of itself: which version made it, what is in it, and the hash of every part. */
import { z } from 'zod'

/** Raised when older versions could not read a backup any more. */
export const backupFormat = 1

export const manifestPart = 'manifest.json'
export const tablePart = (table: string): string => `tables/${table}.copy`
export const artifactPart = (key: string): string => `artifacts/${key.slice(0, 2)}/${key}`

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

const TablePart = z.object({
  name: z.string(),
  columns: z.array(z.string()).min(1),
  rows: z.int().min(0),
  /** Of the uncompressed part. */
  bytes: z.int().min(0),
  sha256: Hash,
})
export type TablePart = z.infer<typeof TablePart>

const Migration = z.object({ name: z.string(), checksum: Hash })

export const Manifest = z.object({
  product: z.literal('defect-studio'),
  format: z.literal(backupFormat),
  /** Of the studio that wrote it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  migrations: z.array(Migration).min(1),
  /** In the order in which they can be loaded. */
  tables: z.array(TablePart),
  artifacts: z.object({
    /** False before an upgrade: no upgrade touches artifacts, which stay where they are. */
    carried: z.boolean(),
    keys: z.array(Hash),
    bytes: z.int().min(0),
    /** Named by rows, but the store had no bytes for them. */
    missing: z.array(Hash),
    /** The store's bytes are not what their name says; not carried. */
    damaged: z.array(Hash),
  }),
  secret: z.object({
    /** How many second factors and secrets are worth nothing without it. */
    protects: z.int().min(0),
    /** Tells whether two studios have the same signing secret, without telling it. */
    fingerprint: z.string(),
    /** The secret itself under a passphrase; null: it has to be carried by hand. */
    sealed: z.string().nullable(),
  }),
})
export type Manifest = z.infer<typeof Manifest>

/** Read before the rest is understood: a newer backup is refused for being newer, not for a field. */
export const ManifestHead = z.object({
  product: z.literal('defect-studio'),
  format: z.int(),
  version: z.string(),
})
