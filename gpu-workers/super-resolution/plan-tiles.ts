/** Cuts a photo into pieces that a net can hold, each with enough around it that no seam shows. */
import type { PixelBox } from '../images/pixel-box.ts'

export type Tile = {
  /** What the net sees, within the photo. */
  seen: PixelBox
  /** What is kept of it; the kept boxes cover the photo, each pixel once. */
  kept: PixelBox
}

/**
 * @param tile side of what is seen, in pixels, at most; more than twice the margin.
 * @param margin pixels that are seen and not kept on each side where the photo goes on.
 */
export function planTiles(
  { width, height }: { width: number; height: number },
  tile: { width: number; height: number },
  margin: number,
): Tile[] {
  const columns = spans(width, tile.width, margin)
  return spans(height, tile.height, margin).flatMap((row) =>
    columns.map((column) => ({
      seen: {
        x: column.from,
        y: row.from,
        width: column.to - column.from,
        height: row.to - row.from,
      },
      kept: {
        x: column.keptFrom,
        y: row.keptFrom,
        width: column.keptTo - column.keptFrom,
        height: row.keptTo - row.keptFrom,
      },
    })),
  )
}

type Span = { from: number; to: number; keptFrom: number; keptTo: number }

function spans(length: number, tile: number, margin: number): Span[] {
  const out: Span[] = []
  for (let at = 0; at < length;) {
    const from = Math.max(0, at - margin)
    const to = Math.min(length, from + tile)
    const keptTo = to === length ? length : to - margin
    out.push({ from, to, keptFrom: at, keptTo })
    at = keptTo
  }
  return out
}
