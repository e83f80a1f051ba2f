/** How many tasks a queue's worker takes: one, and none while the device behind it is in use or drains. */
import type { ActivitySlotInfo, CustomSlotSupplier, WorkerTuner } from '@temporalio/worker'
import type { DeviceLock } from './device-lock.ts'
import type { DrainGate } from './drain-gate.ts'

/**
 * A slot is reserved before a worker asks for a task and stays reserved while it waits for one. So this slot belongs to
 * its queue alone, and the device is only looked at, never held: were one permit shared by two queues, the idle queue's
 * poll would keep the other from working. What a poll brings that was open when the device was taken is turned away by
 * `serveDevice`.
 */
export function idleSlot(
  device: Pick<DeviceLock, 'whenFree'>,
  gate: Pick<DrainGate, 'whenOpen'>,
): CustomSlotSupplier<ActivitySlotInfo> {
  let isTaken = false
  let free = () => {}
  let freed = Promise.resolve()
  return {
    type: 'custom',
    async reserveSlot(_context, signal) {
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
      aborted.catch(() => {})
      for (;;) {
        signal.throwIfAborted()
        if (isTaken) await Promise.race([freed, aborted])
        await gate.whenOpen(signal)
        await device.whenFree(signal)
        // Another reservation may have been quicker.
        if (isTaken) continue
        isTaken = true
        freed = new Promise((resolve) => (free = resolve))
        return {}
      }
    },
    // For tasks that come with a workflow's answer; these queues carry no workflows.
    tryReserveSlot: () => null,
    markSlotUsed: () => {},
    releaseSlot() {
      isTaken = false
      free()
    },
  }
}

/** A tuner for a worker of activities alone: the other kinds never come. */
export function tunerFor(activityTaskSlotSupplier: CustomSlotSupplier<ActivitySlotInfo>): WorkerTuner {
  const one = { type: 'fixed-size', numSlots: 1 } as const
  return {
    activityTaskSlotSupplier,
    workflowTaskSlotSupplier: one,
    localActivityTaskSlotSupplier: one,
    nexusTaskSlotSupplier: one,
  }
}
