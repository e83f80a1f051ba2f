/** `defineNode`: the shape of a catalogue file. It is the identity function; it exists to infer every type. */
import type { z } from 'zod'
import type { Activities } from './activities.ts'
import type { JsonValue } from './json-value.ts'
import type { ModelKind } from './model-kinds.ts'
import type { Prices } from './prices.ts'
import type { CollectionRef, Made, Port, Ports, PortType, PortValue } from './ports.ts'

export const categories = ['input', 'defect', 'generate', 'edit', 'control', 'output'] as const
export type Category = (typeof categories)[number]

/** What the form shows for a param; stored as zod metadata beside the schema. */
export interface ParamMeta {
  title: string
  help?: string
  widget?:
    | 'slider'
    | 'textarea'
    | 'seed'
    | 'image'
    | 'collection'
    | 'drawn-mask'
    | 'model'
    | 'expression'
    | 'source-folder'
    | 'source-bucket'
  step?: number
  /** Null is what a new node starts with, but no run can. */
  required?: boolean
  /** For the `model` widget: which kind of model. */
  modelKind?: ModelKind
  /** An edge may feed it: a number or a text, item by item. Never a param that the price or the fan-out depends on. */
  linkable?: boolean
  /** Hidden from the form unless another param has this value. */
  showWhen?: { field: string; equals: string }
}

type InputValues<I extends Ports> = {
  readonly [K in keyof I]: I[K] extends { optional: true }
    ? PortValue<I[K]['type']> | undefined
    : PortValue<I[K]['type']>
}

/** One output: a value, or several named ones (a picture for each seed, a whole folder). */
export type Output<T extends PortType> =
  | { value: PortValue<T>; made?: Partial<Made> }
  | { items: { name: string; value: PortValue<T>; made?: Partial<Made> }[] }

export interface NodeContext<I extends Ports, P> {
  readonly inputs: InputValues<I>
  readonly params: P
  readonly activities: Activities
  /**
   * The item that the node works on now: its name, and its 0-based place in the collection. For a source `value` is
   * what the list says of it.
   */
  readonly item: { readonly name: string; readonly index: number; readonly value?: JsonValue }
  /** How the picture on the input `image` was made, if the run made it. */
  readonly made: Made | undefined
}

/** What `runWhole` gets: whole collections, by reference. */
export interface WholeContext<I extends Ports, P> {
  readonly inputs: { readonly [K in keyof I]: CollectionRef | undefined }
  readonly params: P
  readonly activities: Activities
  /** Waits until the review has been decided; calls `remind` every so many hours, with 1, 2, 3 … */
  waitForReview(
    reviewId: string,
    remindEveryHours: number,
    remind: (round: number) => Promise<void>,
  ): Promise<void>
}

/** How a node meets collections. */
export const nodeKinds = [
  /** Runs once for each item that comes in. */
  'map',
  /**
   * Has no picture inputs; runs once for each item of the list that its plan names. What leaves it is a collection,
   * also when the list has one item.
   */
  'source',
  /** Runs once and takes whole collections; what leaves it is a collection, whose names may be fewer than came in. */
  'whole',
] as const
export type NodeKind = (typeof nodeKinds)[number]

export interface NodeDefinition<
  I extends Ports = Ports,
  O extends Ports = Ports,
  S extends z.ZodObject = z.ZodObject,
> {
  readonly type: string
  /** Raised whenever the same params and inputs would give another result. */
  readonly version: number
  readonly title: string
  readonly description: string
  readonly category: Category
  readonly inputs: I
  readonly outputs: O
  readonly params: S
  /** `map` when absent. */
  readonly kind?: NodeKind
  /**
   * Whether the result follows from type, version, model, params and inputs alone, so that it need not be made twice.
   * When absent: true for the categories defect, generate and edit.
   */
  readonly cacheable?: boolean
  /** What it gives follows at once from params and inputs: `run` calls no activity, and nothing is paid for it. */
  readonly immediate?: boolean
  /** Tokens for one item by this price list; a whole number. */
  price(params: z.output<S>, prices: Prices): number
  /** How many items one item becomes; 1 when absent. Never depends on a linkable param. */
  fanOut?(params: z.output<S>): number
  /**
   * Only for kind `whole`: the most items that leave a port when `itemsIn` come in, so many at each connected port; as
   * many when absent.
   */
  mostOut?(params: z.output<S>, itemsIn: number, byPort: Readonly<Record<string, number>>): number
  /**
   * Only for a node that just hands out a value: the param that holds it. Where such a param is a declared input of a
   * subgraph, an edge may take the node's place.
   */
  readonly valueParam?: keyof z.output<S> & string
  /**
   * Runs inside a workflow: no clock, no randomness, no I/O but through `activities`, and always the same
   * order of calls for the same params.
   */
  run(
    context: NodeContext<I, z.output<S>>,
  ): Promise<{ readonly [K in keyof O]: Output<O[K] extends Port ? O[K]['type'] : never> }>
  /** Instead of `run` for kind `whole`. A port without a list had nothing. */
  runWhole?(context: WholeContext<I, z.output<S>>): Promise<{ readonly [K in keyof O]: CollectionRef | null }>
}

export function defineNode<const I extends Ports, const O extends Ports, S extends z.ZodObject>(
  definition: NodeDefinition<I, O, S>,
): NodeDefinition<I, O, S> {
  return definition
}

/** The seed of picture `offset` after `seed`: seeds wrap at 2^32 as in the original system. */
export function seedPlus(seed: number, offset: number): number {
  return (seed + offset) % 2 ** 32
}
