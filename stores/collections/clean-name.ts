/** Makes a file name safe to show and to write: no control characters, and no way out of a folder. */

const longestName = 200

/** `../a\\b.png` becomes `a/b.png`: folders stay, as forward slashes; `unnamed` when nothing is left. */
export function cleanName(name: string): string {
  const parts = name
    .normalize('NFC')
    // Control, format (which reverse how a name reads) and broken characters, and what Windows forbids in names.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .split(/[\\/]+/)
    .map((part) => part.trim().replace(/[. ]+$/, ''))
    .filter((part) => part !== '')
  return shorten(parts.join('/')) || 'unnamed'
}

/** Cut in the middle of the name, never in its extension. */
function shorten(name: string): string {
  if (name.length <= longestName) return name
  const extension = /\.[^./]{1,10}$/.exec(name)?.[0] ?? ''
  const start = name.slice(0, longestName - extension.length)
  // Not through the middle of a character that takes two places.
  return start.replace(/[\ud800-\udbff]$/, '') + extension
}
