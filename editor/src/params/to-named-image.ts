/** What a graph keeps of a stored picture: never its signed links, which run out. */
import type { ImageRef, NamedImage } from '@defect-studio/nodes'

export const toNamedImage = ({
  key,
  mediaType,
  bytes,
  width,
  height,
  name,
}: ImageRef & { name: string }): NamedImage => ({
  key,
  mediaType,
  bytes,
  width,
  height,
  name: name.slice(0, 255) || 'picture.png',
})
