/** Long thin things – scratches, cracks, fibres – as lines of varying width, seen pixel by pixel. */
import type { DefectCanvas } from './defect-canvas.ts'

export interface StrokePoint {
  x: number
  y: number
  /** Half the line's width here. */
  half: number
}

/** A pixel near a stroke. */
export interface StrokePixel {
  /** Place on the canvas: y × width + x. */
  at: number
  /** Distance to the middle line; its sign says which side (negative: left when looking along the stroke). */
  across: number
  /** Part of the way, 0 … 1, and the way itself in pixels. */
  along: number
  way: number
  /** Half the line's width beside this pixel. */
  half: number
  /** Unit normal towards positive `across`. */
  normalX: number
  normalY: number
}

/**
 * Visits every pixel within `reach(half)` of the line, once, with its nearest part of the line.
 *
 * Costs memory for the stroke's own box only.
 */
export function visitStroke(
  canvas: DefectCanvas,
  points: StrokePoint[],
  reach: (half: number) => number,
  visit: (pixel: StrokePixel) => void,
): void {
  const widest = points.reduce((most, point) => Math.max(most, reach(point.half)), 0)
  const left = Math.max(0, Math.floor(Math.min(...points.map((p) => p.x)) - widest))
  const right = Math.min(canvas.width - 1, Math.ceil(Math.max(...points.map((p) => p.x)) + widest))
  const top = Math.max(0, Math.floor(Math.min(...points.map((p) => p.y)) - widest))
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(...points.map((p) => p.y)) + widest))
  if (right < left || bottom < top) return
  const width = right - left + 1
  const nearest = new Float32Array(width * (bottom - top + 1)).fill(Infinity)
  const segmentOf = new Int32Array(nearest.length).fill(-1)
  const partOf = new Float32Array(nearest.length)
  for (let s = 0; s + 1 < points.length; s++) {
    const a = points[s]!
    const b = points[s + 1]!
    const far = Math.max(reach(a.half), reach(b.half))
    const dx = b.x - a.x
    const dy = b.y - a.y
    const squared = dx * dx + dy * dy + 1e-9
    const y1 = Math.min(bottom, Math.ceil(Math.max(a.y, b.y) + far))
    const x1 = Math.min(right, Math.ceil(Math.max(a.x, b.x) + far))
    for (let y = Math.max(top, Math.floor(Math.min(a.y, b.y) - far)); y <= y1; y++) {
      for (let x = Math.max(left, Math.floor(Math.min(a.x, b.x) - far)); x <= x1; x++) {
        const t = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / squared))
        const distance = Math.hypot(x - a.x - t * dx, y - a.y - t * dy)
        const i = (y - top) * width + x - left
        if (distance >= nearest[i]! || distance > far) continue
        nearest[i] = distance
        segmentOf[i] = s
        partOf[i] = t
      }
    }
  }
  const ways = [0]
  for (let s = 0; s + 1 < points.length; s++) {
    ways.push(ways[s]! + Math.hypot(points[s + 1]!.x - points[s]!.x, points[s + 1]!.y - points[s]!.y))
  }
  const whole = ways[ways.length - 1]! + 1e-9
  for (let i = 0; i < nearest.length; i++) {
    const s = segmentOf[i]!
    if (s < 0) continue
    const a = points[s]!
    const b = points[s + 1]!
    const x = left + (i % width)
    const y = top + Math.floor(i / width)
    const length = Math.hypot(b.x - a.x, b.y - a.y) + 1e-9
    const normalX = -(b.y - a.y) / length
    const normalY = (b.x - a.x) / length
    const side = (x - a.x) * normalX + (y - a.y) * normalY < 0 ? -1 : 1
    const half = a.half + (b.half - a.half) * partOf[i]!
    if (nearest[i]! > reach(half)) continue
    const way = ways[s]! + (ways[s + 1]! - ways[s]!) * partOf[i]!
    visit({
      at: y * canvas.width + x,
      across: side * nearest[i]!,
      along: way / whole,
      way,
      half,
      normalX,
      normalY,
    })
  }
}
