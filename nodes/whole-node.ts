/** The `run` of a node that takes whole lists: it has no items of its own to run for. */
import { StudioError } from './failures.ts'

export async function runsOnWholes(): Promise<never> {
  throw new StudioError('internal', 'A node that takes whole lists was run for a single item.')
}
