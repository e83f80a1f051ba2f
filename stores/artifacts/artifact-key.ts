/** Names bytes by what they are: the SHA-256 that is their key. */
import { createHash } from 'node:crypto'
import { StudioError } from '@defect-studio/nodes'

/** @returns 64 hexadecimal digits. */
export function artifactKey(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Whether the text could be a key. Anything else must never become part of a path or an address. */
export function isArtifactKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

export function missingArtifact(key: string, cause?: unknown): StudioError {
  return new StudioError('artifact-missing', `There is no artifact ${key.slice(0, 64)}.`, { cause })
}
