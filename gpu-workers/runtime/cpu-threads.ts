/** How many threads one model call gets: two on one core would share its arithmetic and wait for each other. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * The cores that this process may use. Linux says which of its processors are threads of one core; elsewhere every
 * processor counts.
 */
export function cpuThreads(
  processors = availableParallelism(),
  siblingsOf: (processor: number) => string | undefined = linuxSiblings,
): number {
  const cores = new Set<string>()
  for (let processor = 0; ; processor++) {
    const siblings = siblingsOf(processor)
    if (siblings === undefined) break
    cores.add(siblings)
  }
  return cores.size === 0 ? processors : Math.min(processors, cores.size)
}

/** The processors of one core, as "0,8" or "0-1"; undefined when there is no such processor, or it cannot be told. */
function linuxSiblings(processor: number): string | undefined {
  try {
    return readFileSync(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`, 'utf8')
  } catch {
    return undefined
  }
}
