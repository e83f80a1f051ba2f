/** The price of a training, and its refund: exact, between nothing and all of it, and less the more was learnt. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultPrices } from './prices.ts'
import { trainingPrice, trainingRefund } from './training-price.ts'

test('a training costs its base and one token for each image of each epoch', () => {
  expect(trainingPrice(defaultPrices, { epochs: 100, images: 20 })).toBe(3000)
  expect(trainingPrice({ ...defaultPrices, trainingBase: 5 }, { epochs: 2, images: 3 })).toBe(11)
})

test('what did not run comes back pro rata', () => {
  const size = { epochs: 100, images: 20 }
  expect(
    [0, 500, 1000, 1999, 2000, 9999].map((learnt) => trainingRefund(defaultPrices, size, learnt)),
  ).toEqual([3000, 2250, 1500, 1, 0, 0])
})

test('a refund is whole, never more than the price, and never grows with what was learnt', () => {
  const tokens = fc.nat({ max: 1_000_000 })
  const whole = fc.integer({ min: 1, max: 100_000 })
  fc.assert(
    fc.property(tokens, tokens, whole, whole, fc.nat(), fc.nat(), (base, each, epochs, images, a, b) => {
      const prices = { ...defaultPrices, trainingBase: base, trainingPerImageEpoch: each }
      const size = { epochs, images }
      const exact = BigInt(base) + BigInt(each) * BigInt(epochs) * BigInt(images)
      if (exact > BigInt(Number.MAX_SAFE_INTEGER)) {
        expect(() => trainingPrice(prices, size)).toThrow('choose fewer')
        expect(() => trainingRefund(prices, size, a)).toThrow('choose fewer')
        return
      }
      expect(BigInt(trainingPrice(prices, size))).toBe(exact)
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((learnt) =>
        trainingRefund(prices, size, learnt),
      )
      expect(Number.isSafeInteger(less)).toBe(true)
      expect(less).toBeLessThanOrEqual(trainingPrice(prices, size))
      expect(more).toBeLessThanOrEqual(less ?? 0)
      expect(more).toBeGreaterThanOrEqual(0)
    }),
    { examples: [[0, 900_910, 99_992, 99_987, 0, 0]], numRuns: 300 },
  )
})
