/** What the page of models asks, and how it sends a zip of gigabytes with its progress. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { showError } from '../shell/show-error.ts'
import { currentToken, refreshToken } from './access-token.ts'
import { answer, api, toError } from './client.ts'
import type { Installation } from './types.ts'

const key = ['models', 'installations']
const isOpen = ({ state }: Installation) => state === 'running' || state === 'asks-licence'

/** Asked every second while something is under way. */
export const useInstallations = (enabled: boolean) =>
  useQuery({
    queryKey: key,
    enabled,
    queryFn: () => answer(api.GET('/api/v1/models/installations')),
    refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? 1000 : 15_000),
  })

export const useCatalogue = () =>
  useQuery({
    queryKey: ['models', 'catalogue'],
    queryFn: () => answer(api.GET('/api/v1/models/catalogue')),
    staleTime: Infinity,
  })

export interface Pull {
  catalogue?: string
  hubId?: string
  revision?: string
  id?: string
  half?: boolean
}

/** What changes installations; each looks at them anew at once. */
export function useModelActions() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: ['models'] })
  const options = { onSuccess, onError: showError }
  return {
    pull: useMutation({
      mutationFn: (body: Pull) => answer(api.POST('/api/v1/models/pull', { body })),
      ...options,
    }),
    accept: useMutation({
      mutationFn: (id: string) =>
        answer(api.POST('/api/v1/models/installations/{id}/accept-licence', { params: { path: { id } } })),
      ...options,
    }),
    dismiss: useMutation({
      mutationFn: (id: string) =>
        answer(api.DELETE('/api/v1/models/installations/{id}', { params: { path: { id } } })),
      ...options,
    }),
    remove: useMutation({
      mutationFn: (id: string) => answer(api.DELETE('/api/v1/models/{id}', { params: { path: { id } } })),
      ...options,
    }),
  }
}

export interface ZipUpload {
  file: File
  id: string
  half: boolean
  signal: AbortSignal
  onProgress: (part: number) => void
}

/** `fetch` does not say how far it has sent, so this asks the older interface. */
export async function uploadZip({ file, id, half, signal, onProgress }: ZipUpload): Promise<void> {
  // The token is checked before the body is read: one that would run out is renewed before gigabytes are sent.
  await refreshToken()
  const query = new URLSearchParams({ name: file.name, half: String(half), ...(id ? { id } : {}) })
  const upload = new XMLHttpRequest()
  upload.open('POST', `/api/v1/models/uploads?${query}`)
  upload.setRequestHeader('content-type', 'application/zip')
  upload.setRequestHeader('authorization', `Bearer ${currentToken() ?? ''}`)
  upload.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
  signal.addEventListener('abort', () => upload.abort())
  await new Promise<void>((resolve, reject) => {
    upload.onload = () =>
      upload.status < 300 ? resolve() : void toError(asResponse(upload)).then(reject, reject)
    upload.onerror = () => reject(new Error('The connection to the studio was lost.'))
    upload.onabort = () => resolve()
    upload.send(file)
  })
}

const asResponse = ({ responseText, status }: XMLHttpRequest) => new Response(responseText, { status })
