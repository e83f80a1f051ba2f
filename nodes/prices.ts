/** What steps cost: an editable list with versions. The default is what the studio comes with. */
import { z } from 'zod'

const Tokens = z.int().min(0).max(1_000_000)

export const Prices = z.object({
  /** For each picture that a tool makes or changes. */
  image: Tokens,
  /** For each picture that prompts are suggested for. */
  promptSuggestion: Tokens,
  /** For each training, before anything is learnt. */
  trainingBase: Tokens,
  /** For each image of each epoch of a training. */
  trainingPerImageEpoch: Tokens,
})
export type Prices = z.infer<typeof Prices>

export const defaultPrices: Prices = {
  image: 1,
  promptSuggestion: 1,
  trainingBase: 1000,
  trainingPerImageEpoch: 1,
}
export const defaultPriceVersion = 1
