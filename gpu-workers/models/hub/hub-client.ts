/** Asks the Hugging Face Hub what a repository holds, by its public protocol; mirrors speak the same. */
import { InstallError } from '@defect-studio/nodes'
import { z } from 'zod'
import { explainAnswer, unreachable } from './hub-errors.ts'

export type HubAccess = {
  /** Where the hub is, without a slash at the end. */
  endpoint: string
  /** Sent to the endpoint alone, never to where it redirects. */
  token: string | undefined
}

/** A file of a repository. */
export type HubFile = {
  path: string
  bytes: number
  /** Of files in large-file storage the sha256; of others git's sha1 over `blob <size>\0` and the content. */
  checksum: { algorithm: 'sha256' | 'git-sha1'; hex: string } | null
}

export type HubRepo = {
  hubId: string
  /** The commit that the revision named when it was asked: all files are taken from this one. */
  commit: string
  licence: string | null
  files: HubFile[]
}

const Answer = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z.object({ license: z.unknown(), license_name: z.unknown() }).partial().nullish(),
  tags: z.array(z.string()).default([]),
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: z.int().min(0).nullish(),
        blobId: z.string().nullish(),
        lfs: z.object({ sha256: z.string().length(64), size: z.int().min(0) }).nullish(),
      }),
    )
    .max(100_000),
})

export function hubAccess(env: NodeJS.ProcessEnv): HubAccess {
  const endpoint = (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '')
  return { endpoint, token: env['HF_TOKEN'] || undefined }
}

export const authorization = ({ token }: HubAccess): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

/**
 * @param revision a branch, tag or commit
 * @throws InstallError 'not-on-hub', 'hub-refused' or 'hub-unreachable', saying what to do
 */
export async function readHubRepo(
  access: HubAccess,
  hubId: string,
  revision: string,
  signal: AbortSignal,
): Promise<HubRepo> {
  // `blobs=true` adds sizes and checksums.
  const url = `${access.endpoint}/api/models/${hubId}/revision/${encodeURIComponent(revision)}?blobs=true`
  const answer = await fetch(url, { headers: authorization(access), signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(access.endpoint, error)
  })
  if (!answer.ok) {
    await answer.body?.cancel()
    throw explainAnswer(answer, access.endpoint, hubId, `revision ${revision}`)
  }
  const parsed = Answer.safeParse(await answer.json().catch(() => null))
  if (!parsed.success)
    throw new InstallError(
      'hub-unreachable',
      `${access.endpoint} does not answer as the Hugging Face Hub does.`,
    )
  const { sha, siblings, cardData, tags } = parsed.data
  return {
    hubId,
    commit: sha,
    licence: licenceOf(cardData, tags),
    files: siblings.map(({ rfilename, size, blobId, lfs }) => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? 0,
      checksum: lfs
        ? { algorithm: 'sha256', hex: lfs.sha256 }
        : blobId && /^[0-9a-f]{40}$/.test(blobId)
          ? { algorithm: 'git-sha1', hex: blobId }
          : null,
    })),
  }
}

function licenceOf(card: z.infer<typeof Answer>['cardData'], tags: string[]): string | null {
  const { license, license_name: name } = card ?? {}
  // "other" is followed by the licence's own name.
  if (typeof name === 'string' && (license === 'other' || license === undefined)) return name
  if (typeof license === 'string') return license
  return tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null
}
