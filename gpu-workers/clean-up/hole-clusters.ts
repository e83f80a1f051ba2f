/** Groups the places to fill: two small spots in the corners of a large photo are two small jobs, not one large. */
import type { PixelBox } from '../images/pixel-box.ts'
import { whiteFrom, type GrayMask } from '../images/raster.ts'

const tileSize = 32

/** Boxes that together hold all white pixels; spots less than about two tiles (64 px) apart share one. */
export function holeClusters(mask: GrayMask): PixelBox[] {
  const columns = Math.ceil(mask.width / tileSize)
  const rows = Math.ceil(mask.height / tileSize)
  const open = markTiles(mask, columns, rows)
  const clusters: PixelBox[] = []
  for (let tile = 0; tile < open.length; tile++) {
    if (open[tile] === 0) continue
    const { left, right, top, bottom } = takeCluster(open, columns, rows, tile)
    const x = left * tileSize
    const y = top * tileSize
    clusters.push({
      x,
      y,
      width: Math.min(mask.width, (right + 1) * tileSize) - x,
      height: Math.min(mask.height, (bottom + 1) * tileSize) - y,
    })
  }
  return clusters
}

function markTiles(mask: GrayMask, columns: number, rows: number): Uint8Array {
  const tiles = new Uint8Array(columns * rows)
  for (let y = 0; y < mask.height; y++) {
    const tileRow = Math.floor(y / tileSize) * columns
    const row = y * mask.width
    for (let x = 0; x < mask.width; x++) {
      if (mask.data[row + x]! >= whiteFrom) tiles[tileRow + Math.floor(x / tileSize)] = 1
    }
  }
  return tiles
}

function takeCluster(open: Uint8Array, columns: number, rows: number, start: number) {
  const waiting = [start]
  open[start] = 0
  const box = { left: columns, right: 0, top: rows, bottom: 0 }
  for (let tile = waiting.pop(); tile !== undefined; tile = waiting.pop()) {
    const column = tile % columns
    const row = Math.floor(tile / columns)
    box.left = Math.min(box.left, column)
    box.right = Math.max(box.right, column)
    box.top = Math.min(box.top, row)
    box.bottom = Math.max(box.bottom, row)
    for (let y = Math.max(0, row - 2); y <= Math.min(rows - 1, row + 2); y++) {
      for (let x = Math.max(0, column - 2); x <= Math.min(columns - 1, column + 2); x++) {
        const neighbour = y * columns + x
        if (open[neighbour] === 0) continue
        open[neighbour] = 0
        waiting.push(neighbour)
      }
    }
  }
  return box
}
