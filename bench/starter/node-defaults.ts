/** What a node does when a person changes nothing: the bench asks for the same. */
import { drawDefect } from '../../nodes/catalogue/draw-defect.ts'
import { inpaint } from '../../nodes/catalogue/inpaint.ts'
import { textToImage } from '../../nodes/catalogue/text-to-image.ts'

const drawing = textToImage.params.parse({})
const { negativePrompt, steps, guidanceScale, sampler } = drawing

export const diffusionDefaults = { negativePrompt, steps, guidanceScale, sampler }

const { strength, feather } = inpaint.params.parse({})

export const inpaintDefaults = { ...diffusionDefaults, strength, feather }

const { size, severity, count } = drawDefect.params.parse({})

export const drawDefectDefaults = { size, severity, count }
