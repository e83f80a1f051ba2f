/** How a run goes that works item by item: every picture is seen as soon as it is there. */
import { createPermits, inLanes, itemsPerNode, itemsPerRun } from './in-lanes.ts'
import type { OpenRun } from './open-run.ts'
import { wholeLists } from './read-lists.ts'
import type { StatusAttribute } from './status-attribute.ts'
import type { Manner } from './temporal-world.ts'

export function inlineManner(run: OpenRun, status: StatusAttribute): Manner {
  const permits = createPermits(itemsPerRun)
  let reviews = 0
  const show = () =>
    status.show(run.control.paused ? 'paused' : reviews > 0 ? 'waiting-for-review' : 'running')
  show()
  run.onControl.push(show)
  return {
    marksNodes: true,
    priority: () => run.control.priority,
    worked: () => {},
    onReview(change) {
      reviews += change
      show()
    },
    ...wholeLists(run),
    async spread(groups, work) {
      const ends = await inLanes(groups, itemsPerNode, permits, (group) => work([group]))
      return ends.flat()
    },
  }
}
