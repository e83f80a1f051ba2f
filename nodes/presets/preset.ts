/** What a preset is: a name, a tool, and those of the tool's params that somebody wants again. Also as a file. */
import { z } from 'zod'
import { JsonValue } from '../json-value.ts'

/** Control characters, and those that turn the direction of what follows, can make a name look like another one. */
const misleading = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

export const PresetName = z
  .string()
  .trim()
  .min(1, 'Give the preset a name.')
  .max(100, 'A name has at most 100 characters.')
  .refine((name) => !misleading.test(name), {
    error: 'A name holds no control characters and none that change the direction of writing.',
  })

/** No tool has so many params; the values are checked against the tool's own schema. */
const mostParams = 100

export const PresetParams = z
  .record(z.string().max(64), JsonValue)
  .refine((params) => Object.keys(params).length <= mostParams, {
    error: `A preset holds at most ${mostParams} params.`,
  })
export type PresetParams = z.infer<typeof PresetParams>

export const NewPreset = z.object({
  name: PresetName,
  tool: z.string().min(1).max(64).meta({ description: 'A node type.' }),
  params: PresetParams,
})
export type NewPreset = z.infer<typeof NewPreset>

export const presetFileKind = 'defect-studio-presets' as const
export const presetFileVersion = 1 as const
export const mostPresetsInFile = 500

export const PresetFile = z.object({
  kind: z.literal(presetFileKind, { error: 'This is not a file of presets.' }),
  version: z.literal(presetFileVersion, {
    error: `This file has another version than ${presetFileVersion}: a newer studio wrote it.`,
  }),
  presets: z
    .array(NewPreset.extend({ toolVersion: z.int().min(1).max(1_000_000).default(1) }))
    .min(1, 'The file holds no preset.')
    .max(mostPresetsInFile, `A file holds at most ${mostPresetsInFile} presets.`),
})
export type PresetFile = z.infer<typeof PresetFile>
