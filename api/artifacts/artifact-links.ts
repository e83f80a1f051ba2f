/** Links that show a stored picture without a header: an <img> cannot send one. Signed, and good for an hour or two. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ImageRef } from '@defect-studio/nodes'

const hourSeconds = 3600

export interface ArtifactLinks {
  /** Path below the studio's address. The same within an hour, so that browsers keep the picture. */
  content(key: string): string
  thumbnail(key: string): string
  /** The reference with both links beside it. */
  picture(image: ImageRef): ImageRef & { url: string; thumbnailUrl: string }
  /** @param expires seconds since 1970, as in the link. */
  isValid(key: string, expires: number, signature: string): boolean
}

/** @param now milliseconds since 1970. */
export function createArtifactLinks(signingKey: Buffer, now: () => number = Date.now): ArtifactLinks {
  const sign = (key: string, expires: number) =>
    createHmac('sha256', signingKey).update(`${key}\n${expires}`).digest('base64url')
  const query = (key: string) => {
    const expires = (Math.ceil(now() / 1000 / hourSeconds) + 1) * hourSeconds
    return `expires=${expires}&signature=${sign(key, expires)}`
  }
  const content = (key: string) => `/api/v1/artifacts/${key}/content?${query(key)}`
  const thumbnail = (key: string) => `/api/v1/artifacts/${key}/thumbnail?${query(key)}`
  return {
    content,
    thumbnail,
    picture: ({ key, mediaType, bytes, width, height }) => ({
      key,
      mediaType,
      bytes,
      width,
      height,
      url: content(key),
      thumbnailUrl: thumbnail(key),
    }),
    isValid(key, expires, signature) {
      const right = Buffer.from(sign(key, expires))
      const shown = Buffer.from(signature)
      return expires * 1000 > now() && right.length === shown.length && timingSafeEqual(right, shown)
    },
  }
}
