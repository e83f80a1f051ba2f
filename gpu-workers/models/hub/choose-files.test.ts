/** Of a repository's files only those of one model are brought: ONNX before PyTorch, safetensors and never pickles. */
import { describe, expect, it } from 'vitest'
import { chooseFiles } from './choose-files.ts'

const repo = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1, checksum: null }))
const configs = [
  'model_index.json',
  'unet/config.json',
  'vae/config.json',
  'text_encoder/config.json',
  'tokenizer/vocab.json',
  'tokenizer/merges.txt',
  'scheduler/scheduler_config.json',
]
/** As Stable Diffusion 1.5 lies on the hub. */
const published = repo(
  ...configs,
  'README.md',
  'v1-5-pruned.ckpt',
  'v1-5-pruned.safetensors',
  'safety_checker/model.safetensors',
  'feature_extractor/preprocessor_config.json',
  ...['unet', 'vae'].flatMap((part) =>
    ['bin', 'safetensors', 'fp16.bin', 'fp16.safetensors', 'non_ema.safetensors'].map(
      (ending) => `${part}/diffusion_pytorch_model.${ending}`,
    ),
  ),
  'text_encoder/model.safetensors',
  'text_encoder/model.fp16.safetensors',
  'text_encoder/pytorch_model.bin',
)
const weightsOf = (half: boolean) =>
  chooseFiles('a/b', published, half)
    .chosen.filter(({ as }) => as.endsWith('.safetensors'))
    .map(({ file, as }) => `${file.path} > ${as}`)

describe('chooseFiles', () => {
  it('takes the weights in full precision, one set of each part, and the configs', () => {
    expect(weightsOf(false)).toEqual([
      'unet/diffusion_pytorch_model.safetensors > unet/diffusion_pytorch_model.safetensors',
      'vae/diffusion_pytorch_model.safetensors > vae/diffusion_pytorch_model.safetensors',
      'text_encoder/model.safetensors > text_encoder/model.safetensors',
    ])
    const { chosen, isOnnx } = chooseFiles('a/b', published, false)
    expect(isOnnx).toBe(false)
    expect(chosen.filter(({ as }) => !as.endsWith('.safetensors')).map(({ as }) => as)).toEqual(configs)
  })

  it('takes the halves that are published, under the names that the converter knows', () => {
    expect(weightsOf(true)).toEqual([
      'unet/diffusion_pytorch_model.fp16.safetensors > unet/diffusion_pytorch_model.safetensors',
      'vae/diffusion_pytorch_model.fp16.safetensors > vae/diffusion_pytorch_model.safetensors',
      'text_encoder/model.fp16.safetensors > text_encoder/model.safetensors',
    ])
  })

  it('takes ONNX where there is ONNX, with the weights beside it', () => {
    const onnx = ['unet', 'text_encoder', 'vae_encoder', 'vae_decoder'].map((part) => `${part}/model.onnx`)
    const beside = 'unet/model.onnx_data'
    const { chosen, isOnnx } = chooseFiles('a/b', [...published, ...repo(...onnx, beside)], false)
    expect(isOnnx).toBe(true)
    const names = chosen.map(({ as }) => as)
    expect(names).toEqual(
      expect.arrayContaining([...onnx, beside, 'tokenizer/vocab.json', 'unet/config.json']),
    )
    expect(names.filter((name) => name.endsWith('.safetensors') || name.endsWith('.bin'))).toEqual([])
  })

  it('refuses weights of which there are only pickles, and repositories of something else', () => {
    const pickled = published.filter(({ path }) => !/^vae\/.*safetensors$/.test(path))
    expect(() => chooseFiles('a/b', pickled, false)).toThrow('only as Python pickles')
    expect(() => chooseFiles('a/b', repo('config.json', 'model.safetensors'), false)).toThrow(
      'a/b is no Stable Diffusion model in the diffusers layout',
    )
  })
})
