/** Between bytes as stored (sRGB) and amounts of light: light adds and multiplies, stored bytes do not. */

/** Light 0 … 1 of each byte value (IEC 61966-2-1). */
export const lightOfByte = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

const steps = 8192
/** Byte value, with its fraction, of each amount of light. */
const byteTable = Float32Array.from({ length: steps + 2 }, (_, step) => {
  const light = step / steps
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055)
})

/** The stored value 0 … 255, not rounded, of an amount of light; below 0 and above 1 are cut. */
export function byteOfLight(light: number): number {
  if (!(light > 0)) return 0
  if (light >= 1) return 255
  // Near black the curve is steep: there the straight part is exact.
  if (light <= 0.0031308) return light * 3294.6
  const at = light * steps
  const below = Math.floor(at)
  return byteTable[below]! + (byteTable[below + 1]! - byteTable[below]!) * (at - below)
}

/** Three amounts of light: R, G, B. */
export type Light = readonly [number, number, number]

/** Perceived brightness of an amount of light (Rec. 709). */
export function luminance([r, g, b]: Light): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The colour `from` moved towards `to`. */
export function mixLight(from: Light, to: Light, part: number): Light {
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ]
}

/** The colour made darker (< 1) or brighter (> 1). */
export function scaleLight(light: Light, factor: number): Light {
  return [light[0] * factor, light[1] * factor, light[2] * factor]
}
