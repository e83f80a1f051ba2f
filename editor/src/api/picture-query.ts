/** A link that shows a stored picture of which only the key is known. */
import { useQuery } from '@tanstack/react-query'
import { queryClient } from './query-client.ts'
import { request } from './client.ts'
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
    queryFn: async () =>
      withThumbnail(await request<Omit<PictureUrls, 'thumbnailUrl'>>('GET', `/artifacts/${key}`)),
    enabled: key !== null,
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
  const form = new FormData()
  form.append('file', file, name)
  const picture = await request<UploadedPicture>('POST', '/artifacts', {
    form,
    ...(signal ? { signal } : {}),
  })
  rememberPicture(picture)
  return picture
}
