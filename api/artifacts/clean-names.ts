/** Makes the file names of a folder safe to show and to write: no control characters, no way out, none twice. */

const longestName = 200

/** `../a\\b.png` becomes `a/b.png`; a name that was taken gets a number. The order stays. */
export function cleanNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const clean = cleanName(name)
    let free = clean
    // File systems that ignore case would write two such names into one file.
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = numbered(clean, number)
    taken.add(free.toLowerCase())
    return free
  })
}

/** One name: folders in it stay, as forward slashes; `unnamed` when nothing is left. */
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
  return Array.from(name)
    .join('')
    .slice(0, longestName - extension.length)
    .replace(/[\ud800-\udbff]$/, '') + extension
}

function numbered(name: string, number: number): string {
  const extension = /\.[^./]*$/.exec(name)?.[0] ?? ''
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`
}
