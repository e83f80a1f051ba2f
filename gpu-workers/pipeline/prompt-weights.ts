/** Reads the weights that people type into prompts: `(word)`, `((word))`, `(word:1.2)`, `[word]`, `\(`. */

/** A stretch of the prompt and how much its tokens count; 1 is plain. */
export type WeightedText = { text: string; weight: number }

export type ReadPrompt = {
  /** Neighbours differ in weight. A prompt without weights is one stretch: its own text. */
  stretches: WeightedText[]
  notes: string[]
}

// What A1111's web UI multiplies and divides by; prompts on the web are written for it.
const STEP = 1.1
/** Beyond it a hidden state is nothing the UNet has ever seen. */
const MOST = 10

/** Keeps products of absurd numbers finite until they are cut to `MOST`. */
const BEYOND_ALL = 1e6

const MARK = /\\[()[\]\\]|[()[\]]|:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)/g

type Open = { bracket: '(' | '['; at: number }

/**
 * `(x)` makes x count 1.1 times, `[x]` 1 / 1.1 times, `(x:w)` w times; brackets in brackets multiply. A bracket after a
 * backslash, and one without its partner, is a bracket. Two backslashes are one.
 */
export function readPromptWeights(prompt: string): ReadPrompt {
  const pieces: WeightedText[] = []
  const open: Open[] = []
  const weigh = (from: number, factor: number) => {
    for (const piece of pieces.slice(from))
      piece.weight = within(BEYOND_ALL, piece.weight * within(BEYOND_ALL, factor))
  }
  const literal = (text: string) => pieces.push({ text, weight: 1 })
  let from = 0
  for (const match of prompt.matchAll(MARK)) {
    const [mark, number] = match
    literal(prompt.slice(from, match.index))
    from = match.index + mark.length
    if (mark.startsWith('\\')) literal(mark.slice(1))
    else if (mark === '(' || mark === '[') {
      // Stands for itself until its partner comes.
      open.push({ bracket: mark, at: pieces.length })
      literal(mark)
    } else {
      const partner = open.findLastIndex(({ bracket }) => bracket === (mark === ']' ? '[' : '('))
      if (partner < 0) literal(mark)
      else {
        const { at } = open[partner]!
        // Brackets that were opened inside and never closed stay what they are.
        open.length = partner
        pieces[at]!.text = ''
        weigh(at, number !== undefined ? Number(number) : mark === ']' ? 1 / STEP : STEP)
      }
    }
  }
  literal(prompt.slice(from))
  return limited(joined(pieces))
}

/** Neighbours of one weight become one, so that their words are split as if no bracket had been there. */
function joined(pieces: readonly WeightedText[]): WeightedText[] {
  const out: WeightedText[] = []
  for (const { text, weight: exact } of pieces) {
    if (text === '') continue
    // 1.1 / 1.1 is plain, whatever is left of it in floating point.
    const weight = Math.abs(exact - 1) < 1e-9 ? 1 : exact
    const last = out.at(-1)
    if (last?.weight === weight) last.text += text
    else out.push({ text, weight })
  }
  return out.length > 0 ? out : [{ text: '', weight: 1 }]
}

function limited(stretches: WeightedText[]): ReadPrompt {
  const tooMuch = stretches.find(({ weight }) => Math.abs(weight) > MOST)
  if (!tooMuch) return { stretches, notes: [] }
  return {
    stretches: stretches.map(({ text, weight }) => ({ text, weight: within(MOST, weight) })),
    notes: [
      `"${tooMuch.text.trim().slice(0, 40)}" would count ${Number(tooMuch.weight.toPrecision(3))} times; ${MOST} times is the most.`,
    ],
  }
}

const within = (most: number, value: number) => Math.max(-most, Math.min(most, value))
