/** Gives the very numbers of PyTorch's CPU generator, so that a seed makes the same noise here as in diffusers. */
import { logSingle, sinCosSingle } from './single-precision.ts'

/**
 * A stream of random numbers. Not a source of secrets.
 */
export type RandomGenerator = {
  /** The next 32 random bits, as an unsigned integer. */
  uint32: () => number
  /** `count` numbers from [0, 1) with 24 random bits each, as `torch.rand(count)` draws them (float32). */
  uniform: (count: number) => Float32Array
  /** `count` numbers from N(0, 1), as `torch.randn(count)` draws them (float32). */
  normal: (count: number) => Float32Array
}

const STATE_SIZE = 624
const SHIFT_SIZE = 397

/**
 * A generator seeded as `torch.Generator('cpu').manual_seed(seed)`.
 *
 * The bits come from the Mersenne twister MT19937 (Matsumoto and Nishimura, 1998); PyTorch keeps only the low 32 bits
 * of a seed, so seeds are 0 … 2^32 − 1.
 *
 * @throws RangeError when the seed is not an integer in that range.
 */
export function createRandomGenerator(seed: number): RandomGenerator {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`A seed is a whole number from 0 to 4294967295; this one is ${seed}.`)
  }
  const uint32 = createMersenneTwister(seed)
  const nextNormalDouble = createScalarNormal(uint32)
  const uniform = (count: number) => fillUniform(new Float32Array(count), 0, count, uint32)
  return {
    uint32,
    uniform,
    normal: (count) =>
      count >= 16 ? normalInBlocks(count, uint32) : Float32Array.from({ length: count }, nextNormalDouble),
  }
}

function createMersenneTwister(seed: number): () => number {
  const state = new Uint32Array(STATE_SIZE)
  state[0] = seed
  for (let i = 1; i < STATE_SIZE; i++) {
    const previous = state[i - 1]! ^ (state[i - 1]! >>> 30)
    state[i] = Math.imul(previous, 1812433253) + i
  }
  let index = STATE_SIZE
  return () => {
    if (index === STATE_SIZE) {
      refill(state)
      index = 0
    }
    let y = state[index++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }
}

function refill(state: Uint32Array): void {
  for (let i = 0; i < STATE_SIZE; i++) {
    const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % STATE_SIZE]! & 0x7fffffff)
    const twist = mixed & 1 ? 0x9908b0df : 0
    state[i] = state[(i + SHIFT_SIZE) % STATE_SIZE]! ^ (mixed >>> 1) ^ twist
  }
}

function fillUniform(values: Float32Array, from: number, to: number, uint32: () => number): Float32Array {
  for (let i = from; i < to; i++) values[i] = (uint32() & 0xffffff) / 0x1000000
  return values
}

/** PyTorch's path for 16 numbers and more: uniforms first, then Box–Muller on blocks of 16, the last block redrawn. */
function normalInBlocks(count: number, uint32: () => number): Float32Array {
  const values = fillUniform(new Float32Array(count), 0, count, uint32)
  for (let start = 0; start + 16 <= count; start += 16) boxMullerBlock(values, start)
  if (count % 16 !== 0) {
    fillUniform(values, count - 16, count, uint32)
    boxMullerBlock(values, count - 16)
  }
  return values
}

// Box and Muller, 1958: radius = √(−2 ln u₁), angle = 2π u₂. Element i pairs with element i + 8.
const TWO_PI = Math.fround(2 * Math.PI)
function boxMullerBlock(values: Float32Array, start: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = Math.fround(Math.sqrt(-2 * logSingle(1 - values[i]!)))
    const { sin, cos } = sinCosSingle(Math.fround(TWO_PI * values[i + 8]!))
    values[i] = radius * cos
    values[i + 8] = radius * sin
  }
}

/** PyTorch's path for fewer than 16 numbers: Box–Muller in double precision, the second number of a pair kept for next. */
function createScalarNormal(uint32: () => number): () => number {
  const double = () => {
    const high = uint32()
    const low = uint32()
    return ((high & 0x1fffff) * 0x100000000 + low) / 2 ** 53
  }
  let kept: number | undefined
  return () => {
    if (kept !== undefined) {
      const value = kept
      kept = undefined
      return value
    }
    const u1 = double()
    const u2 = double()
    const radius = Math.sqrt(-2 * Math.log1p(-u2))
    kept = radius * Math.sin(2 * Math.PI * u1)
    return radius * Math.cos(2 * Math.PI * u1)
  }
}
