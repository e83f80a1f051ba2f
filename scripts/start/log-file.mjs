/** One process's log: one JSON line per event, the file replaced by a fresh one before it grows large. */
import fs from 'node:fs'
import path from 'node:path'

const MAX_BYTES = 10 * 1024 * 1024
const KEPT = 2

/**
 * Keeps `<file>` and up to two older ones, `<file>.1` and `<file>.2`, each at most `maxBytes`.
 * @param {string} file
 */
export function openLog(file, { maxBytes = MAX_BYTES, now = () => new Date() } = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  let size = fs.existsSync(file) ? fs.statSync(file).size : 0
  let rest = ''

  function append(line) {
    const entry = `${line.startsWith('{') ? line : JSON.stringify({ time: now().toISOString(), msg: line })}\n`
    try {
      if (size + entry.length > maxBytes) rotate()
      fs.appendFileSync(file, entry)
      size += Buffer.byteLength(entry)
    } catch {
      // A full disk must not end the studio as well; the process that wrote the line goes on.
    }
  }

  function rotate() {
    for (let number = KEPT; number >= 1; number--) {
      const from = number === 1 ? file : `${file}.${number - 1}`
      if (fs.existsSync(from)) fs.renameSync(from, `${file}.${number}`)
    }
    size = 0
  }

  return {
    file,
    /** Takes output in any pieces; what is no JSON line is wrapped into one. */
    write(chunk) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim()) append(line.replace(/\r$/, ''))
    },
    /** The last lines, for a person to read. */
    tail(count = 10) {
      if (!fs.existsSync(file)) return ''
      return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
    },
  }
}
