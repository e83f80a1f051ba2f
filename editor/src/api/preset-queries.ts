/** What pages ask about presets. */
import { api } from './client.ts'
import { usePages } from './queries.ts'

/** @param filter empty texts let everything through. */
export function usePresets({ words, tool, mine }: { words: string; tool: string; mine?: boolean }) {
  const asked = {
    limit: 50,
    ...(words ? { q: words } : {}),
    ...(tool ? { tool } : {}),
    ...(mine ? { owner: 'me' as const } : {}),
  }
  return usePages(['presets', asked], (page) =>
    api.GET('/api/v1/presets', { params: { query: { ...page, ...asked } } }),
  )
}
