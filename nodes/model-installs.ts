/** What is asked of the program that installs models, and what it says while it works: command line, API and page agree here. */
import { z } from 'zod'
import { modelKinds } from './model-kinds.ts'

/** A model's id is the name of its folder. Those of the models that come with the product begin with "starter". */
export const ModelId = z
  .string()
  .regex(
    /^(?!starter)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'A model id has letters, digits, ".", "-" and "_", at most 100, begins with a letter or digit, and not with "starter".',
  )

/** `owner/name`, as the Hugging Face Hub writes it. */
export const HubId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/,
    'A hub id looks like "owner/name".',
  )
  .refine((id) => !id.includes('..'), 'A hub id looks like "owner/name".')

/** A branch, a tag or a commit. */
export const HubRevision = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, 'A revision is a branch, a tag or a commit.')
  .refine((revision) => !revision.includes('..'), 'A revision is a branch, a tag or a commit.')

/** Where a model comes from. Folders and zips are paths on the machine that installs. */
export const ModelSource = z.discriminatedUnion('from', [
  z.object({ from: z.literal('folder'), path: z.string().min(1) }),
  /** `name` is what the file was called by whoever sent it. */
  z.object({ from: z.literal('zip'), path: z.string().min(1), name: z.string().optional() }),
  z.object({ from: z.literal('hub'), hubId: HubId, revision: HubRevision.optional() }),
  /** A name of `modelCatalogue`. */
  z.object({ from: z.literal('catalogue'), name: z.string().min(1) }),
])
export type ModelSource = z.infer<typeof ModelSource>

export const InstallOrder = z.object({
  source: ModelSource,
  /** The model's id here; made from the source when absent. */
  id: ModelId.optional(),
  /** Convert to half precision. Of no effect on models that are ONNX already. */
  half: z.boolean().default(false),
  /** The person has read the licence; otherwise the program shows it and waits. */
  acceptLicence: z.boolean().default(false),
})
export type InstallOrder = z.input<typeof InstallOrder>

/** The reasons for which a model is not installed. */
export const installProblems = {
  'not-a-model': 'It is no model that this studio knows.',
  'wrong-task': 'It is a model for another task.',
  'damaged-file': 'A file is cut off or damaged.',
  'unsafe-file': 'A file could run programs, or pretends to be what it is not.',
  'unsafe-zip': 'The zip has what no zip of a model has.',
  'unusable-model': 'The model cannot be loaded.',
  'not-on-hub': 'The hub does not have it.',
  'hub-refused': 'The hub does not give it to you.',
  'hub-unreachable': 'The hub cannot be reached.',
  'wrong-checksum': 'What came is not what the hub has.',
  'disk-full': 'There is not enough room on the disk.',
  'already-installed': 'There is a model of this name.',
  'not-installed': 'There is no model of this name.',
  busy: 'Another installation is bringing the same model.',
  'licence-declined': 'The licence was not accepted.',
  'python-missing': 'The tools that convert are not installed.',
  'conversion-failed': 'The model could not be converted.',
  cancelled: 'It was stopped.',
  internal: 'Something went wrong that should not.',
} as const
export type InstallProblemCode = keyof typeof installProblems
export const InstallProblemCode = z.enum(
  Object.keys(installProblems) as [InstallProblemCode, ...InstallProblemCode[]],
)

/** Why a model is not installed, in a sentence that says what to do. */
export class InstallError extends Error {
  readonly code: InstallProblemCode
  constructor(code: InstallProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'InstallError'
    this.code = code
  }
}

/** How a UNet computes attention: in one operator, written out as products, or not at all. */
export const attentionForms = ['fused', 'unfused', 'none'] as const

/** A model in a folder of this machine. */
export const FoundModel = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(modelKinds),
  /** All its files together. */
  bytes: z.int(),
  licence: z.string().nullable(),
  /** sha256 over the folder's files. */
  digest: z.string(),
  /** Null for models that are no diffusion. */
  attention: z.enum(attentionForms).nullable(),
  /** Where it was taken from, such as `hub:owner/name@commit`; null when nobody wrote it down. */
  origin: z.string().nullable(),
})
export type FoundModel = z.infer<typeof FoundModel>

/** What the installer is doing: the page has a text for each. */
export const installSteps = ['look', 'copy', 'unpack', 'download', 'check', 'convert', 'try', 'hash'] as const
export type InstallStep = (typeof installSteps)[number]

/** One line of the program. The last is `done`, `found`, `removed` or `failed`. */
export const InstallEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('step'),
    step: z.enum(installSteps),
    /** A file, or a part of the work. */
    what: z.string(),
    /** Bytes, or steps where `unit` says so. `total` is 0 where it is not known. */
    done: z.number().min(0),
    total: z.number().min(0),
    unit: z.enum(['bytes', 'steps']),
  }),
  /** Unless it is accepted already, the program waits for the line `accept` or `decline`. */
  z.object({
    type: z.literal('licence'),
    licence: z.string().nullable(),
    url: z.string(),
    bytes: z.number(),
    accepted: z.boolean(),
  }),
  z.object({ type: z.literal('note'), text: z.string() }),
  z.object({ type: z.literal('done'), model: FoundModel }),
  z.object({
    type: z.literal('found'),
    folder: z.string(),
    models: z.array(FoundModel),
    problems: z.array(z.object({ folder: z.string(), reason: z.string() })),
  }),
  z.object({ type: z.literal('removed'), id: z.string() }),
  z.object({ type: z.literal('failed'), code: InstallProblemCode, message: z.string() }),
])
export type InstallEvent = z.infer<typeof InstallEvent>

/** What the program is asked for, as JSON in its one argument. */
export const InstallerRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('install'), order: InstallOrder }),
  z.object({ do: z.literal('list') }),
  z.object({ do: z.literal('remove'), id: z.string().min(1) }),
])
export type InstallerRequest = z.input<typeof InstallerRequest>
