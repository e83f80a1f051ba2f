/** What an installation is given from outside: where models lie, who hears of it, and how it is stopped. */
import type { InstallEvent, InstallStep } from '@defect-studio/nodes'
import type { HubAccess } from './hub/hub-client.ts'

export type InstallWorld = {
  /** Folder whose children are models; made when it is not there. */
  modelsDir: string
  hub: HubAccess
  /** The interpreter of the Python environment, whether it is there or not. */
  python: string | undefined
  signal: AbortSignal
  /** Asked when an aborted installation ends: whether a begun download is kept for another try. */
  keepDownload: () => boolean
  emit: (event: InstallEvent) => void
  /** Resolves to whether the person who was shown the licence takes it. */
  acceptLicence: () => Promise<boolean>
}

/** Says how far a step is. */
export function say(
  { emit }: Pick<InstallWorld, 'emit'>,
  step: InstallStep,
  what: string,
  progress: { done: number; total: number; unit: 'bytes' | 'steps' } = { done: 0, total: 0, unit: 'steps' },
): void {
  emit({ type: 'step', step, what, ...progress })
}
