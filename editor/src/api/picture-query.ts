/** A link that shows a stored picture of which only the key is known. */
import { skipToken, useQuery } from '@tanstack/react-query'
import { queryClient } from './query-client.ts'
import { answer, api, fileForm } from './client.ts'
import type { UploadedPicture } from './types.ts'

export interface PictureUrls {
  key: string
  url: string
  thumbnailUrl: string
  width: number | null
  height: number | null
}

/** Signed links last an hour at least. */
const linkLife = 50 * 60_000

export const usePicture = (key: string | null) =>
  useQuery({
    queryKey: ['picture', key],
    queryFn:
      key === null
        ? skipToken
        : async () =>
            withThumbnail(await answer(api.GET('/api/v1/artifacts/{key}', { params: { path: { key } } }))),
    staleTime: linkLife,
    retry: false,
  })

/** A link is signed for the key of the picture, so the same signature opens its thumbnail. */
const withThumbnail = (picture: Omit<PictureUrls, 'thumbnailUrl'>): PictureUrls => ({
  ...picture,
  thumbnailUrl: picture.url.replace('/content?', '/thumbnail?'),
})

/** What an upload has just answered need not be asked for. */
export function rememberPicture(picture: UploadedPicture): void {
  queryClient.setQueryData<PictureUrls>(['picture', picture.key], picture)
}

export async function uploadPicture(
  file: Blob,
  name: string,
  signal?: AbortSignal,
): Promise<UploadedPicture> {
  const sent = { body: { file }, bodySerializer: fileForm(name), ...(signal ? { signal } : {}) }
  const picture = await answer(api.POST('/api/v1/artifacts', sent))
  rememberPicture(picture)
  return picture
}
