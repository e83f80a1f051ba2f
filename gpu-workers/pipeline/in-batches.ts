/** Draws pictures so many at a time as memory allows; when it does not after all, half as many, once more. */
import { StudioError } from '@defect-studio/nodes'
import type { OnStep } from './denoise.ts'

export type Batches = {
  /** One picture for each. */
  seeds: readonly number[]
  /** The most pictures at a time, at least 1. */
  atOnce: number
  onStep?: OnStep | undefined
  /** Frees what memory it can, before a second try. */
  makeRoom: () => Promise<void>
}

/** What was drawn for each seed, in their order, and notes without repetition. */
export type InBatches<T> = { pictures: T[]; notes: string[] }

/**
 * Steps are counted over all batches, so that progress runs from 1 to its end once, unless a batch has to be split.
 *
 * @throws StudioError 'out-of-memory' naming what to lower, when memory is short for the second time or for one picture.
 */
export async function inBatches<T>(
  { seeds, atOnce, onStep, makeRoom }: Batches,
  draw: (seeds: readonly number[], onStep: OnStep | undefined) => Promise<InBatches<T>>,
): Promise<InBatches<T>> {
  const pictures: T[] = []
  const notes = new Set<string>()
  let size = Math.min(atOnce, seeds.length)
  let batch = 0
  let triedAgain = false
  while (pictures.length < seeds.length) {
    const batches = batch + Math.ceil((seeds.length - pictures.length) / size)
    const counted: OnStep | undefined =
      onStep && ((at) => onStep({ ...at, step: batch * at.total + at.step, total: batches * at.total }))
    try {
      const drawn = await draw(seeds.slice(pictures.length, pictures.length + size), counted)
      pictures.push(...drawn.pictures)
      for (const note of drawn.notes) notes.add(note)
      batch++
    } catch (error) {
      if (!(error instanceof StudioError && error.type === 'out-of-memory')) throw error
      if (triedAgain) throw tooLarge(error, size)
      triedAgain = true
      size = Math.ceil(size / 2)
      await makeRoom()
    }
  }
  return { pictures, notes: [...notes] }
}

function tooLarge(cause: StudioError, size: number): StudioError {
  const lower = size > 1 ? 'Lower the batch size, or width and height' : 'Lower width and height'
  const many = size > 1 ? `${size} pictures at once` : 'one picture'
  return new StudioError(
    'out-of-memory',
    `There is not enough memory for ${many}, also when tried a second time. ${lower}, or use a smaller model or a ` +
      'server with more memory.',
    { cause },
  )
}
