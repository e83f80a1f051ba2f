/** What people ask of runs that are under way. The answer is the run as it is then; events say the rest. */
import { request } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import type { Run } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'
import { takeRun } from './run-view.ts'

export const cancelRun = (id: string): Promise<void> => ask('POST', `/runs/${id}/cancel`)
export const pauseRun = (id: string): Promise<void> => ask('POST', `/runs/${id}/pause`)
export const resumeRun = (id: string): Promise<void> => ask('POST', `/runs/${id}/resume`)
export const prioritiseRun = (id: string, priority: number): Promise<void> =>
  ask('PUT', `/runs/${id}/priority`, { priority })

export const keepRun = (id: string, kept: boolean): Promise<void> => ask('PUT', `/runs/${id}/keep`, { kept })

/** @returns how many of the member's runs were asked to stop; null when asking failed. */
export async function cancelAllRuns(): Promise<number | null> {
  try {
    const { asked } = await request<{ asked: number }>('POST', '/runs/cancel', { body: {} })
    await queryClient.invalidateQueries({ queryKey: ['runs'] })
    return asked
  } catch (error) {
    showError(error)
    return null
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<void> {
  try {
    takeRun(await request<Run>(method, path, body === undefined ? {} : { body }))
    await queryClient.invalidateQueries({ queryKey: ['runs'] })
  } catch (error) {
    showError(error)
  }
}
