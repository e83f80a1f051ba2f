/** Tells an open stream to look again whether its reader is still signed in, as soon as something about that changes. */
import type { Studio } from '../studio.ts'

/**
 * Calls `look` when sessions of the member have ended, or when word of that may have been missed.
 * @returns stops it.
 */
export function watchSignIn(
  { events }: Pick<Studio, 'events'>,
  memberId: string,
  look: () => void,
): () => void {
  return events.follow({
    logged: () => undefined,
    progress: () => undefined,
    changed(change) {
      if (change === null || (change.topic === 'sessions' && change.memberId === memberId)) look()
    },
  })
}
