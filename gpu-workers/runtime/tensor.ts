/** Tensors as this room passes them: flat numbers with a shape; and the casts between what we hold and a model wants. */

/** What a model says of one of its inputs or outputs. A string dimension is free; its name may recur in others. */
export type TensorSpec = { name: string; type: string; shape: readonly (number | string)[] }

/** A float32 tensor, the currency of the pipeline whatever a model's own precision is. */
export type Tensor = { data: Float32Array; shape: readonly number[] }

/** Numbers for one model input, in whatever type is at hand; the session casts them to what the model declares. */
export type Feed = { data: ArrayLike<number>; shape: readonly number[] }

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

const halfBits = new Uint16Array(1)
const floatBits = new Float32Array(1)
const intBits = new Uint32Array(floatBits.buffer)

/** The bits of the float16 next to `value` (round half to even; beyond 65504 infinite). */
export function toHalfBits(value: number): number {
  floatBits[0] = value
  const bits = intBits[0]!
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x47800000) return sign | 0x7c00
  if (magnitude < 0x38800000) {
    // Below 2^-14 float16 is a multiple of 2^-24.
    const multiple = Math.abs(floatBits[0]) * 2 ** 24
    const floor = Math.floor(multiple)
    const rest = multiple - floor
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor)
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  halfBits[0] = (rounded - 0x38000000) >>> 13
  return sign | halfBits[0]
}

/** The number that float16 bits stand for. */
export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Numbers → float16 bits. */
export function toHalves(numbers: ArrayLike<number>): Uint16Array {
  const bits = new Uint16Array(numbers.length)
  for (let i = 0; i < bits.length; i++) bits[i] = toHalfBits(numbers[i]!)
  return bits
}

let allHalves: Float32Array | undefined

/** Float16 bits → numbers, looked up: there are 65,536 of them. */
export function fromHalves(bits: Uint16Array): Float32Array {
  allHalves ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => fromHalfBits(half))
  const numbers = new Float32Array(bits.length)
  for (let i = 0; i < numbers.length; i++) numbers[i] = allHalves[bits[i]!]!
  return numbers
}
