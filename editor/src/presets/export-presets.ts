/** Hands presets to the browser as one file. */
import { answer, api } from '../api/client.ts'

/** @param ids all of one's own when left out. */
export async function exportPresets(ids?: readonly string[]): Promise<void> {
  const query = ids ? { ids: ids.join(',') } : {}
  const file = await answer(api.GET('/api/v1/presets/export', { params: { query } }))
  const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'presets.json'
  link.click()
  URL.revokeObjectURL(url)
}
