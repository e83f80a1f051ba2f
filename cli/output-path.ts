/** Turns an item's name into a place below the output folder: names come from other machines and are not trusted. */
import { join, parse } from 'node:path'

const extensionOf: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/tiff': '.tif',
  'image/bmp': '.bmp',
  'text/plain': '.txt',
}

/** Names that Windows keeps for devices. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * `metal/01.jpg` as PNG becomes `<folder>/<output>/metal/01.png`: the stem is kept, the ending tells the truth.
 * Parts that would climb out or that no file system takes are made harmless.
 */
export function outputPath(folder: string, output: string, itemName: string, mediaType: string): string {
  const parts = itemName
    .split(/[/\\]+/)
    .map(safePart)
    .filter((part) => part !== '')
  const last = parts.pop() ?? 'item'
  const stem = last.replace(/\.(png|jpe?g|webp|tiff?|bmp)$/i, '') || 'item'
  return join(folder, safePart(output) || 'output', ...parts, `${stem}${extensionOf[mediaType] ?? '.bin'}`)
}

/** `taken` remembers what this run has written: `a.jpg` and `a.png` both become `a.png`, and neither may be lost. */
export function untaken(path: string, taken: Set<string>): string {
  const { dir, name, ext } = parse(path)
  let free = path
  // Without regard to case, as many file systems have it.
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = join(dir, `${name} (${number})${ext}`)
  taken.add(free.toLowerCase())
  return free
}

function safePart(part: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const cleaned = part.replace(/[\u0000-\u001f<>:"|?*]/g, '_').replace(/[. ]+$/, '')
  if (cleaned === '' || /^\.+$/.test(part)) return ''
  return reserved.test(cleaned) ? `_${cleaned}` : cleaned.slice(0, 200)
}
