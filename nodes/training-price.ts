/** What a training costs, and what of it comes back when a part of it did not run. */
import { StudioError } from './failures.ts'
import type { Prices } from './prices.ts'

export interface TrainingSize {
  epochs: number
  images: number
}

/**
 * Whole tokens: `trainingBase` + `trainingPerImageEpoch` × epochs × images.
 * @throws StudioError 'invalid-input' when that is more than a number holds exactly (2^53 - 1).
 */
export function trainingPrice(prices: Prices, { epochs, images }: TrainingSize): number {
  const price =
    BigInt(prices.trainingBase) + BigInt(prices.trainingPerImageEpoch) * BigInt(epochs) * BigInt(images)
  if (price > BigInt(Number.MAX_SAFE_INTEGER))
    throw new StudioError(
      'invalid-input',
      `A training of ${epochs} epochs over ${images} images would cost ${price} tokens: choose fewer.`,
    )
  return Number(price)
}

/**
 * What of the price comes back, pro rata: the share of the image-epochs that did not run, in whole tokens, rounded
 * down. A training that learnt nothing comes back whole, its base included; one that ran to its end, not at all.
 * @param learnt images seen, each counted once for every epoch it was seen in; more than there are count as all.
 */
export function trainingRefund(prices: Prices, size: TrainingSize, learnt: number): number {
  const all = size.epochs * size.images
  if (all <= 0) return 0
  const left = Math.min(all, Math.max(0, all - Math.floor(learnt)))
  // In big integers: the product of two large numbers would lose its last digits, and with them a token.
  return Number((BigInt(trainingPrice(prices, size)) * BigInt(left)) / BigInt(all))
}
