/** The prompts of the bench: every surface clean and with every defect, colours in turn. */

const COLOURS: Record<string, readonly string[]> = {
  'brushed metal': ['steel', 'aluminium', 'brass', 'copper'],
  wood: ['light', 'brown', 'dark'],
  fabric: ['blue', 'green', 'red', 'gray'],
  leather: ['brown', 'red', 'beige'],
  concrete: ['gray'],
  'ceramic tile': ['white', 'beige', 'blue'],
  'painted metal': ['red', 'blue', 'yellow', 'white'],
  'circuit board': ['green', 'blue', 'red'],
}

const WORDS: Record<string, string> = {
  rust: 'rust',
  contamination: 'contamination',
}

export type Wish = { prompt: string; surface: string; defect: string | undefined }

/** Eight surfaces × (clean + seven defects) in each round: four rounds are 256 wishes, 224 of them for a defect. */
export function wishes(surfaces: readonly string[], defects: readonly string[], rounds: number): Wish[] {
  const out: Wish[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [k, defect] of [undefined, ...defects].entries()) {
      for (const surface of surfaces) {
        const colours = COLOURS[surface] ?? ['']
        const name = `${colours[(round + k) % colours.length]} ${surface}`.trim()
        const prompt = defect ? `${name} with ${WORDS[defect] ?? `a ${defect}`}` : `clean ${name} surface`
        out.push({ prompt, surface, defect })
      }
    }
  }
  return out
}
