/** Carries the signing secret in a backup under a passphrase: without it nothing that was sealed can be opened again. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto'
import { BackupRefusal } from './refuse-backup.ts'

/** scrypt (RFC 7914) with the parameters that OWASP names for 2026: 128 MiB, about half a second. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 }
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16

/** 16 hexadecimal digits that tell secrets apart; HKDF-SHA256, so that nothing of the secret is told. */
export const fingerprintOf = (secret: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'defect-studio backup fingerprint', 8)).toString('hex')

/** AES-256-GCM under a key that scrypt makes of the passphrase. @returns base64url of salt, nonce, tag and ciphertext. */
export function sealForBackup(secret: Buffer, passphrase: string): string {
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)]
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, cost), nonce)
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), text]).toString('base64url')
}

/** @throws BackupRefusal when the passphrase is another one. */
export function openFromBackup(sealed: string, passphrase: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url')
  const [salt, nonce] = [bytes.subarray(0, saltBytes), bytes.subarray(saltBytes, saltBytes + nonceBytes)]
  const tag = bytes.subarray(saltBytes + nonceBytes, saltBytes + nonceBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, cost), nonce, {
    authTagLength: tagBytes,
  })
  try {
    decipher.setAuthTag(tag)
    return Buffer.concat([
      decipher.update(bytes.subarray(saltBytes + nonceBytes + tagBytes)),
      decipher.final(),
    ])
  } catch {
    throw new BackupRefusal('The passphrase is not the one of this backup. Nothing was changed.')
  }
}
