/** `defineNode`: the shape of a catalogue file. It is the identity function; it exists to infer every type. */
import type { z } from 'zod'
import type { Activities } from './activities.ts'
import type { ModelKind } from './model-kinds.ts'
import type { Made, Port, Ports, PortType, PortValue } from './ports.ts'

export const categories = ['input', 'defect', 'generate', 'edit', 'output'] as const
export type Category = (typeof categories)[number]

/** What the form shows for a param; stored as zod metadata beside the schema. */
export interface ParamMeta {
  title: string
  help?: string
  widget?: 'slider' | 'textarea' | 'seed' | 'image' | 'collection' | 'drawn-mask' | 'model'
  step?: number
  /** Null is what a new node starts with, but no run can. */
  required?: boolean
  /** For the `model` widget: which kind of model. */
  modelKind?: ModelKind
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
  /** The item that the node works on now: its name, and its 0-based place in the collection. */
  readonly item: { readonly name: string; readonly index: number }
  /** How the picture on the input `image` was made, if the run made it. */
  readonly made: Made | undefined
}

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
  /** Tokens for one item; a whole number. */
  price(params: z.output<S>): number
  /** How many items one item becomes; 1 when absent. */
  fanOut?(params: z.output<S>): number
  /**
   * Runs inside a workflow: no clock, no randomness, no I/O but through `activities`, and always the same
   * order of calls for the same params.
   */
  run(
    context: NodeContext<I, z.output<S>>,
  ): Promise<{ readonly [K in keyof O]: Output<O[K] extends Port ? O[K]['type'] : never> }>
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
