/** What stands in the way of a run, kept where cards and the list can read it. */
import type { GraphProblem } from '@defect-studio/nodes'
import { create } from 'zustand'

interface Verdict {
  problems: readonly GraphProblem[]
  quote: number | null
}

export const useVerdict = create<Verdict>(() => ({ problems: [], quote: null }))

const none: readonly GraphProblem[] = []

/** Problems by node, remembered for the list they were made from, so that a card redraws only for a new list. */
const grouped = new WeakMap<readonly GraphProblem[], Map<string, GraphProblem[]>>()

export const useNodeProblems = (nodeId: string): readonly GraphProblem[] =>
  useVerdict(({ problems }) => {
    let groups = grouped.get(problems)
    if (!groups) {
      groups = new Map()
      for (const problem of problems)
        if (problem.nodeId) groups.set(problem.nodeId, [...(groups.get(problem.nodeId) ?? []), problem])
      grouped.set(problems, groups)
    }
    return groups.get(nodeId) ?? none
  })
