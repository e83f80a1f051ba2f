/**
 * Logarithm, sine and cosine in float32, rounded step by step as PyTorch's vector code on x86 rounds them: `Math.log`
 * and friends are more exact, and therefore give other last bits.
 *
 * The polynomials are those of Moshier's Cephes library (logf.c, sinf.c, cosf.c), with fused multiply-adds.
 */

const round = Math.fround
const bitsAsFloat = new Float32Array(1)
const bitsAsInt = new Int32Array(bitsAsFloat.buffer)

/** a · b + c, rounded once: the product of two float32 is exact in a double. */
function fma(a: number, b: number, c: number): number {
  return round(a * b + c)
}

function horner(x: number, coefficients: Float32Array): number {
  let y = coefficients[0]!
  for (let i = 1; i < coefficients.length; i++) y = fma(y, x, coefficients[i]!)
  return y
}

const LOG = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
)
const SQRT_HALF = round(Math.SQRT1_2)
// ln 2 in two parts, the first exact in few bits.
const LN2_HIGH = round(0.693359375)
const LN2_LOW = round(-2.1219444e-4)

/** ln x for a normal float32 above 0. */
export function logSingle(x: number): number {
  // x = mantissa · 2^exponent with the mantissa in √½ … √2, then ln(1 + m) as a polynomial.
  bitsAsFloat[0] = x
  let exponent = (bitsAsInt[0]! >>> 23) - 126
  bitsAsInt[0] = (bitsAsInt[0]! & 0x807fffff) | 0x3f000000
  let m = bitsAsFloat[0]
  if (m < SQRT_HALF) {
    exponent -= 1
    m = round(round(m - 1) + m)
  } else {
    m = round(m - 1)
  }
  const square = round(m * m)
  const cubic = round(horner(m, LOG) * m)
  const tail = round(fma(cubic, square, round(exponent * LN2_LOW)) - round(square * 0.5))
  return round(round(m + tail) + round(exponent * LN2_HIGH))
}

const SIN = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
const COS = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
const FOUR_OVER_PI = round(4 / Math.PI)
// −π/4 in three parts, so that x − n · π/4 keeps its low bits.
const MINUS_QUARTER_PI = Float32Array.of(-0.78515625, -2.4187564849853515625e-4, -3.774894977445941e-8)

/** Sine and cosine of a float32 angle from 0 to some thousands. */
export function sinCosSingle(x: number): { sin: number; cos: number } {
  // The nearest even multiple of π/4 is taken away; its place in the circle says which polynomial and which sign.
  const octant = (Math.trunc(round(x * FOUR_OVER_PI)) + 1) & ~1
  let rest = x
  for (const part of MINUS_QUARTER_PI) rest = fma(octant, part, rest)
  const square = round(rest * rest)
  const cosine = round(fma(round(horner(square, COS) * square), square, -round(square * 0.5)) + 1)
  const sine = fma(round(horner(square, SIN) * square), rest, rest)
  switch (octant & 7) {
    case 0:
      return { sin: sine, cos: cosine }
    case 2:
      return { sin: cosine, cos: -sine }
    case 4:
      return { sin: -sine, cos: -cosine }
    default:
      return { sin: -cosine, cos: sine }
  }
}
