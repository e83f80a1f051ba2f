/** How much memory the device has left for what models compute, as far as one can know without asking it. */
import { freemem } from 'node:os'
import type { ProviderConfig } from '../runtime/session.ts'

/**
 * On a CPU the system says; where models may take `limitMb` in all, what the loaded ones leave of it. A GPU without a limit
 * is taken for a small one of 8 GiB: the studio names its real size when it knows it.
 *
 * @param loadedBytes weights that are loaded now.
 */
export function freeMemory(
  { provider }: ProviderConfig,
  limitMb: number | undefined,
  loadedBytes: number,
): number {
  const limited = (limitMb ?? 8192) * 2 ** 20 - loadedBytes
  if (provider === 'cuda') return Math.max(0, limited)
  const system = availableMemory()
  return limitMb === undefined ? system : Math.max(0, Math.min(limited, system))
}

/** Knows the limit of a container where Node does (from 20.13 on). */
function availableMemory(): number {
  const available: unknown = Reflect.get(process, 'availableMemory')
  return typeof available === 'function' ? Number(available.call(process)) : freemem()
}
