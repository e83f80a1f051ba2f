/** Draws without a mouse: where the arrow keys lead the crosshair, and what a press of Space means there. */
import type { Point } from './mask-shapes.ts'

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/**
 * @param from pixels of the photo; null before the first key, which brings the crosshair into the middle.
 * @param fine one pixel instead of a fortieth of the photo's longer side.
 * @returns the next place inside the photo, or null for a key that does not move it.
 */
export function moveCrosshair(
  from: Point | null,
  key: string,
  fine: boolean,
  photo: { width: number; height: number },
): Point | null {
  const way = arrows[key]
  if (!way) return null
  if (!from) return { x: Math.round(photo.width / 2), y: Math.round(photo.height / 2) }
  const step = fine ? 1 : Math.max(1, Math.round(Math.max(photo.width, photo.height) / 40))
  return {
    x: Math.min(photo.width, Math.max(0, from.x + way.x * step)),
    y: Math.min(photo.height, Math.max(0, from.y + way.y * step)),
  }
}
