/** How a picture was made, as its own file says it: the JSON that every PNG of the studio carries. */
import { z } from 'zod'
import { JsonValue } from '../json-value.ts'
import { Certificate } from '../ports.ts'

/** Keywords of the texts in a PNG file. */
export const madeKeyword = 'defect-studio'
export const graphKeyword = 'defect-studio-graph'
/** Under which A1111's web UI, and all that read its pictures, look. */
export const parametersKeyword = 'parameters'

export const MadePicture = z.object({
  metadataVersion: z.literal(1),
  /** Type of the node whose work it is, such as `inpaint`. */
  tool: z.string().min(1).max(64),
  /** Which of the tool's outputs. */
  output: z.enum(['image', 'mask']),
  /** What the tool was told but for pictures: prompts, seed, sampler, steps … under the names of the node's params. */
  params: z.record(z.string().min(1).max(64), JsonValue),
  /** `digest` is the SHA-256 over the model's files. */
  model: z
    .object({
      id: z.string().min(1).max(200),
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    })
    .optional(),
  /** Pixels. */
  width: z.int().min(1),
  height: z.int().min(1),
  /** Proof that nothing outside the mask changed. */
  certificate: Certificate.optional(),
})
export type MadePicture = z.infer<typeof MadePicture>
