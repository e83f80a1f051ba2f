/** One colour for each state, the same on cards, in lists and in badges. */
import type { NodeRunState, RunStatus } from '@defect-studio/nodes'

export const stateColour: Record<NodeRunState | RunStatus, string> = {
  queued: 'gray',
  holding: 'gray',
  running: 'blue',
  cached: 'teal',
  succeeded: 'teal',
  failed: 'red',
  skipped: 'gray',
  cancelled: 'orange',
}
