/** The picture at halved sizes: a hole is filled where it is small first, so that its large shapes are right. */

/** One size of the picture with its hole. */
export interface Level {
  width: number
  height: number
  /** R, G, B per pixel; inside the hole the current guess. */
  pixels: Uint8Array
  /** 1 where the pixel is to be filled. */
  hole: Uint8Array
}

/** From the given level to the smallest useful one, each half as wide and high as the one before. */
export function buildPyramid(finest: Level): Level[] {
  const levels = [finest]
  for (let level = finest; canHalve(level);) {
    const half = halve(level)
    if (countKnown(half) < 256) break
    levels.push(half)
    level = half
  }
  return levels
}

function canHalve(level: Level): boolean {
  return Math.min(level.width, level.height) >= 32 && holeDepth(level) > 3
}

function countKnown(level: Level): number {
  let known = 0
  for (const hole of level.hole) if (hole === 0) known++
  return known
}

/** The largest distance (steps to any of 8 neighbours) from a hole pixel to a known one, counted up to 4. */
function holeDepth(level: Level): number {
  const { width, height } = level
  let current = level.hole
  for (let depth = 0; depth < 4; depth++) {
    const next = new Uint8Array(current.length)
    let left = false
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x
        if (current[i] === 0) continue
        const stays =
          (x === 0 || current[i - 1] === 1) &&
          (x === width - 1 || current[i + 1] === 1) &&
          (y === 0 || current[i - width] === 1) &&
          (y === height - 1 || current[i + width] === 1)
        if (!stays) continue
        next[i] = 1
        left = true
      }
    }
    if (!left) return depth
    current = next
  }
  return 4
}

/** A pixel is a hole when any of its four is: known pixels never take colour from the hole. */
function halve({ width, height, pixels, hole }: Level): Level {
  const halfWidth = Math.ceil(width / 2)
  const halfHeight = Math.ceil(height / 2)
  const halfPixels = new Uint8Array(halfWidth * halfHeight * 3)
  const halfHole = new Uint8Array(halfWidth * halfHeight)
  for (let y = 0; y < halfHeight; y++) {
    const above = 2 * y
    const below = Math.min(height - 1, above + 1)
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x
      const right = Math.min(width - 1, left + 1)
      const a = above * width + left
      const b = above * width + right
      const c = below * width + left
      const d = below * width + right
      const to = y * halfWidth + x
      halfHole[to] = hole[a]! | hole[b]! | hole[c]! | hole[d]!
      for (let channel = 0; channel < 3; channel++) {
        const sum =
          pixels[a * 3 + channel]! +
          pixels[b * 3 + channel]! +
          pixels[c * 3 + channel]! +
          pixels[d * 3 + channel]!
        halfPixels[to * 3 + channel] = (sum + 2) >> 2
      }
    }
  }
  return { width: halfWidth, height: halfHeight, pixels: halfPixels, hole: halfHole }
}
