/** What an installed model is for: the choices of every model field, and what a worker says that it has. */

/**
 * `diffusion` draws pictures, `matting` cuts a part out, `clean-up` fills a hole without a prompt, `image-text` compares
 * pictures with phrases, `super-resolution` enlarges.
 */
export const modelKinds = ['diffusion', 'matting', 'clean-up', 'image-text', 'super-resolution'] as const
export type ModelKind = (typeof modelKinds)[number]
