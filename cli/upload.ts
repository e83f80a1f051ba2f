/** Sends pictures to the studio, one at a time or a whole folder. */
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { maxCollectionItems } from '@defect-studio/nodes'
import { z } from 'zod'
import { type Address, reach, refusal, type StudioClient, unwrap } from './connection.ts'
import { CommandError, exitCodes } from './exit-codes.ts'
import { pictureFiles } from './picture-files.ts'

const Uploaded = z.object({
  key: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  width: z.int(),
  height: z.int(),
  name: z.string(),
})
export type Uploaded = z.infer<typeof Uploaded>

export async function uploadPicture(
  address: Address,
  path: string,
  name = basename(path),
): Promise<Uploaded> {
  const form = new FormData()
  form.set('file', await openAsBlob(path), name)
  const response = await reach(
    new Request(`${address.url}/api/v1/artifacts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${address.apiKey ?? ''}` },
      body: form,
    }),
  )
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusal(response.status, body)
  return Uploaded.parse(body)
}

/** How often a picture is sent: of ten thousand some meet a restart or a moment without a line. */
const attempts = 4

async function sendPicture(address: Address, path: string, name: string): Promise<Uploaded> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await uploadPicture(address, path, name)
    } catch (error) {
      const isAway = error instanceof CommandError && error.exitCode === exitCodes.unreachable
      if (!isAway || attempt >= attempts) throw error
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt))
    }
  }
}

/** Four at a time keep the link busy without holding more than a few photos in memory. */
const parallelUploads = 4

/**
 * Uploads every picture below the folder and makes a collection of them.
 * Throws one error that lists every file that was refused; nothing runs then.
 */
export async function uploadFolder(
  client: StudioClient,
  address: Address,
  folder: string,
  onProgress: (done: number, total: number) => void,
) {
  const { pictures, passedOver } = await pictureFiles(folder)
  if (pictures.length === 0)
    throw new CommandError(
      exitCodes.refused,
      `The folder "${folder}" has no pictures (PNG, JPEG, WebP, TIFF or BMP).`,
      passedOver.slice(0, 10).map((name) => `${name}: not a picture by its name`),
    )
  if (pictures.length > maxCollectionItems)
    throw new CommandError(
      exitCodes.refused,
      `The folder "${folder}" has ${pictures.length} pictures; one list may have ${maxCollectionItems}. Split it.`,
    )
  const items: { name: string; key: string }[] = []
  const refused: string[] = []
  let next = 0
  let done = 0
  await Promise.all(
    Array.from({ length: parallelUploads }, async () => {
      for (let index = next++; index < pictures.length; index = next++) {
        const picture = pictures[index]
        if (!picture) return
        try {
          const { key } = await sendPicture(address, picture.path, basename(picture.name))
          items[index] = { name: picture.name, key }
        } catch (error) {
          if (!(error instanceof CommandError) || error.exitCode !== exitCodes.refused) throw error
          refused.push(`${picture.name}: ${error.message}`)
        }
        onProgress(++done, pictures.length)
      }
    }),
  )
  if (refused.length > 0)
    throw new CommandError(
      exitCodes.refused,
      `${refused.length} of ${pictures.length} files in "${folder}" were refused; nothing was run.`,
      // Nobody reads ten thousand reasons.
      refused.sort().slice(0, 100),
    )
  const collection = unwrap(
    await client.POST('/api/v1/collections', { body: { name: basename(folder) || 'folder', items } }),
  )
  return { collection, passedOver }
}
