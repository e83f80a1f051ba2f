/** Gives outputs the name of another item: what was named after the one is then named after the other. */
import type { ItemOutputs } from '@defect-studio/nodes'

/**
 * `a.png` → `b.png` and `a-1.png` → `b-1.png` for an item `b.png` that was made as `a.png`; other names stay. The
 * ending is the output's own: `a.jpg` of `a.png` becomes `b.jpg`.
 */
export function renameOutputs(outputs: ItemOutputs, from: string, to: string): ItemOutputs {
  if (from === to) return outputs
  return Object.fromEntries(
    Object.entries(outputs).map(([port, items]) => [
      port,
      items.map((item) => ({ ...item, name: rename(item.name, from, to) })),
    ]),
  )
}

function rename(name: string, from: string, to: string): string {
  if (name === from) return to
  const [stem, ending] = split(from)
  const [newStem, newEnding] = split(to)
  const [own, ownEnding] = split(name)
  const rest = own.slice(stem.length)
  if (!own.startsWith(stem) || !/^(-\d+)?$/.test(rest)) return name
  const kept = ownEnding === ending ? newEnding : ownEnding
  return `${newStem.slice(0, 255 - rest.length - kept.length)}${rest}${kept}`
}

function split(name: string): [string, string] {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
}
