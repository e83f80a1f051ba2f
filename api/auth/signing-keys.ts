/** One secret file, several keys: what is signed for one purpose is worthless for any other. */
import { hkdfSync } from 'node:crypto'

export type SigningPurpose =
  'access-token' | 'refresh-token' | 'artifact-link' | 'mail-code' | 'second-step' | 'recovery-code'

/** HKDF-SHA256 (RFC 5869) over the signing secret; 32 bytes. */
export function signingKey(secret: Buffer, purpose: SigningPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `defect-studio ${purpose}`, 32))
}
