/** Opens the artifact store that ARTIFACTS_URL names, so that no caller knows which kind it is. */
import { fileURLToPath } from 'node:url'
import type { SweepableStore } from './artifact-store.ts'
import { createFileStore } from './file-store.ts'

/** @param url `file:///absolute/folder`. Throws at once, naming what is understood, for anything else. */
export function openArtifactStore(url: string): SweepableStore {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'file:') return createFileStore(fileURLToPath(parsed))
  throw new Error(
    `ARTIFACTS_URL is "${url}". Understood is a folder: file:///var/lib/defect-studio/artifacts`,
  )
}
