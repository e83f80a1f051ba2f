/** Keeps the status of a run searchable on Temporal's pages, if the server knows the attribute. */
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import { searchAttributes } from './run-messages.ts'

export type StatusWord = 'running' | 'paused' | 'waiting-for-review' | 'succeeded' | 'failed' | 'cancelled'

export interface StatusAttribute {
  show(status: StatusWord): void
}

const department = { name: searchAttributes.department, type: 'KEYWORD' } as const
const status = { name: searchAttributes.status, type: 'KEYWORD' } as const

export function createStatusAttribute(): StatusAttribute {
  // An attribute that the server does not know would fail the task for ever. Whoever starts a run with one of them
  // has registered all.
  const isKnown = workflowInfo().typedSearchAttributes.get(department) !== undefined
  let shown: StatusWord | undefined
  return {
    show(word) {
      if (!isKnown || word === shown) return
      shown = word
      upsertSearchAttributes([{ key: status, value: word }])
    },
  }
}
