/** The file of the signing secret, as a backup reads it and a restore puts it back. */
import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type pg from 'pg'
import { fingerprintOf, openFromBackup } from './carried-secret.ts'
import type { Manifest } from './manifest.ts'
import { BackupRefusal } from './refuse-backup.ts'

export async function readSecretFile(file: string): Promise<Buffer> {
  return Buffer.from((await readFile(file, 'utf8')).trim())
}

export interface ChosenSecret {
  /** Has to take the place of this studio's; null where that stays. */
  secret: Buffer | null
  /** Whether what was sealed can be opened no more. */
  isLost: boolean
}

/**
 * @throws BackupRefusal that says what would be lost, unless `without` allows it.
 */
export async function chooseSecret(
  { secret }: Manifest,
  file: string,
  { passphrase, without }: { passphrase: string | null; without: boolean },
): Promise<ChosenSecret> {
  const own = await readSecretFile(file).catch(() => null)
  if (own && fingerprintOf(own) === secret.fingerprint) return { secret: null, isLost: false }
  if (without || secret.protects === 0) return { secret: null, isLost: true }
  if (secret.sealed === null)
    throw new BackupRefusal(
      `The backup does not carry the signing secret, and ${file} has another one: ${secret.protects} second factors and secrets of webhooks and hooks could not be opened. Put the file secrets/signing of that studio there, or say --without-secret and make those anew.`,
    )
  if (passphrase === null)
    throw new BackupRefusal(
      'The backup carries the signing secret under a passphrase. Set BACKUP_PASSPHRASE, or say --without-secret: then second factors, secrets of webhooks and hooks have to be made anew.',
    )
  return { secret: openFromBackup(secret.sealed, passphrase), isLost: false }
}

/** The file has the old secret or the new one, whole. */
export async function writeSecretFile(file: string, secret: Buffer): Promise<void> {
  const half = `${file}.${randomUUID()}`
  await writeFile(half, secret, { mode: 0o600, flag: 'wx' })
  await rename(half, file)
}

/** Takes away what no secret opens any more, so that nobody is locked out by a second factor that cannot be checked. */
export async function forgetSealed(client: pg.Client): Promise<void> {
  await client.query(
    'UPDATE "Member" SET "totpSecret" = NULL, "totpConfirmedAt" = NULL WHERE "totpSecret" IS NOT NULL',
  )
  await client.query('DELETE FROM "RecoveryCode"')
}
