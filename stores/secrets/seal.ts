/** Keeps secrets in rows that have to be read again: signatures are computed with them, so that no hash would do. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { StudioError } from '@defect-studio/nodes'

/** What a secret is for. What was sealed for one purpose cannot be opened for another. */
export type SecretPurpose = 'outgoing-webhook' | 'graph-hook' | 'totp' | 'oidc-state'

const form = 'v1'
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM (NIST SP 800-38D) under a key of its own, HKDF-SHA256 (RFC 5869) over the signing secret; the nonce is
 * random, 96 bits.
 * @param signingSecret the secret of this installation, at least 32 bytes.
 * @returns `v1.` and base64url of nonce, tag and ciphertext.
 */
export function sealSecret(signingSecret: Buffer, purpose: SecretPurpose, secret: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(signingSecret, purpose), nonce)
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `${form}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
}

/** @throws StudioError 'invalid-input' when it was sealed under another signing secret or purpose, or changed. */
export function openSecret(signingSecret: Buffer, purpose: SecretPurpose, sealed: string): string {
  const [version, body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  try {
    if (version !== form || bytes.length < nonceBytes + tagBytes) throw new Error('not sealed')
    const decipher = createDecipheriv(
      'aes-256-gcm',
      sealingKey(signingSecret, purpose),
      bytes.subarray(0, nonceBytes),
      { authTagLength: tagBytes },
    )
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new StudioError(
      'invalid-input',
      'A kept secret cannot be opened: it was sealed under another signing secret. Make it anew.',
    )
  }
}

function sealingKey(signingSecret: Buffer, purpose: SecretPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', signingSecret, '', `defect-studio seal ${purpose}`, 32))
}
