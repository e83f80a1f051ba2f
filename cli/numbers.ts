/** Numbers as arguments of commands. */
import { InvalidArgumentError } from 'commander'

export function readPriority(text: string): 1 | 2 | 3 | 4 | 5 {
  const found = ([1, 2, 3, 4, 5] as const).find((priority) => String(priority) === text)
  if (found === undefined) throw new InvalidArgumentError('It should be a number from 1 (first) to 5 (last).')
  return found
}
