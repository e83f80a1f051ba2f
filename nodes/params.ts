/** Params that several nodes share, so that a prompt or a seed has the same bounds everywhere. */
import { z } from 'zod'
import { samplers } from './activities.ts'
import { CollectionRef, ImageRef } from './ports.ts'

/** A file name as people see it; it is never used as a path. */
const FileName = z.string().min(1).max(255)

export const NamedImage = ImageRef.extend({ name: FileName })
export type NamedImage = z.infer<typeof NamedImage>

export const NamedCollection = CollectionRef.extend({ name: FileName })
export type NamedCollection = z.infer<typeof NamedCollection>

/** Long enough for any prompt that a model reads in part; short enough for a run's history. */
export const maxPromptLength = 2000

export const promptText = () =>
  z.string().max(maxPromptLength, `A prompt may have ${maxPromptLength} characters.`)

/** Null means: draw one when the run is planned, and remember it. */
export const seed = () =>
  z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .nullable()
    .default(null)
    .meta({
      title: 'Seed',
      widget: 'seed',
      linkable: true,
      help: 'The same seed gives the same picture. Empty: a new one each run.',
    })

/** The most pictures that one item may become: as many as one activity makes in the time that it is given. */
export const mostPictures = 64

type Batches = { count: number; batchSize: number }

/** How many pictures a diffusion node makes of one item. */
export const pictureCount = ({ count, batchSize }: Batches): number => count * batchSize

/** For `refine` of a diffusion node's params: each number has its own bound, and so has their product. */
export const fewPictures = (params: Batches): boolean => pictureCount(params) <= mostPictures
export const tooManyPictures = {
  path: ['batchSize'],
  message: `Batch count × Batch size is the number of pictures; at most ${mostPictures} are made of one item. Lower one of them.`,
}

/** The fields of every diffusion node, in the order of its form. */
export const diffusionParams = {
  model: z
    .string()
    .min(1)
    .max(200)
    .default('starter')
    .meta({ title: 'Model', widget: 'model', modelKind: 'diffusion' }),
  negativePrompt: promptText().default('').meta({
    title: 'Negative prompt',
    widget: 'textarea',
    linkable: true,
    help: 'What should not appear.',
  }),
  steps: z.int().min(1).max(150).default(20).meta({ title: 'Steps', widget: 'slider', linkable: true }),
  guidanceScale: z.number().min(1).max(20).default(7.5).meta({
    title: 'Guidance scale',
    widget: 'slider',
    linkable: true,
    step: 0.1,
    help: 'How closely the prompt is followed.',
  }),
  sampler: z.enum(samplers).default('DPM++ 2M').meta({ title: 'Sampler' }),
  clipSkip: z.int().min(1).max(12).default(1).meta({
    title: 'Clip skip',
    help: '1 reads the last layer of the text encoder, 2 the one before it.',
  }),
  count: z.int().min(1).max(mostPictures).default(1).meta({
    title: 'Batch count',
    help: 'How many batches, one after the other. Each picture uses the next seed.',
  }),
  batchSize: z.int().min(1).max(mostPictures).default(1).meta({
    title: 'Batch size',
    help: 'Pictures drawn together: faster on a GPU, and takes more of its memory.',
  }),
  seed: seed(),
}

/** Pixels per side; multiples of 8 because a model's latents are up to 8 times smaller. */
export const side = (title: string) =>
  z.int().min(64).max(2048).multipleOf(8).default(128).meta({ title, step: 8, help: 'A multiple of 8.' })
