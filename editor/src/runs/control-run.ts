/** What people ask of runs that are under way. The answer is the run as it is then; events say the rest. */
import { answer, api, type Asked } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import type { Run } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'
import { takeRun } from './run-view.ts'

const of = (id: string) => ({ params: { path: { id } } })

export const cancelRun = (id: string): Promise<void> => take(api.POST('/api/v1/runs/{id}/cancel', of(id)))
export const pauseRun = (id: string): Promise<void> => take(api.POST('/api/v1/runs/{id}/pause', of(id)))
export const resumeRun = (id: string): Promise<void> => take(api.POST('/api/v1/runs/{id}/resume', of(id)))
export const prioritiseRun = (id: string, priority: number): Promise<void> =>
  take(api.PUT('/api/v1/runs/{id}/priority', { ...of(id), body: { priority } }))

export const keepRun = (id: string, kept: boolean): Promise<void> =>
  take(api.PUT('/api/v1/runs/{id}/keep', { ...of(id), body: { kept } }))

/** @returns how many of the member's runs were asked to stop; null when asking failed. */
export async function cancelAllRuns(): Promise<number | null> {
  try {
    const { asked } = await answer(api.POST('/api/v1/runs/cancel', { body: {} }))
    await queryClient.invalidateQueries({ queryKey: ['runs'] })
    return asked
  } catch (error) {
    showError(error)
    return null
  }
}

async function take(asked: Promise<Asked<Run>>): Promise<void> {
  try {
    takeRun(await answer(asked))
    await queryClient.invalidateQueries({ queryKey: ['runs'] })
  } catch (error) {
    showError(error)
  }
}
