/** What people want of a run that goes on: paused or not, and how much of a hurry it is in. */
import type { ControlMessage } from './run-messages.ts'

export interface Control {
  paused: boolean
  /** 1 … 5. */
  priority: number
  /** Takes the message unless a later one is known. @returns whether anything changed. */
  take(message: ControlMessage): boolean
  /** What the books say when the run begins; a message that has come before it is older. */
  begin(state: { paused: boolean; priority: number }): void
}

export function createControl(): Control {
  let revision = -1
  const control: Control = {
    paused: false,
    priority: 3,
    take(message) {
      if (message.revision <= revision) return false
      revision = message.revision
      const isNew = control.paused !== message.paused || control.priority !== message.priority
      control.paused = message.paused
      control.priority = message.priority
      return isNew
    },
    begin({ paused, priority }) {
      control.paused = paused
      control.priority = priority
    },
  }
  return control
}
