/** How one item of a mapped node is done: its own params, its recipe, the node's `run`, names for what came of it. */
import type { Item, PreparedItem } from '@defect-studio/nodes'
import { fieldOfHandle, itemIdentity, itemParams, itemRecipe } from '@defect-studio/nodes'
import type { ItemGroup } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import { taskOf, type ItemWork } from './run-items.ts'
import { stampOutputs } from './stamp-outputs.ts'
import type { World } from './world.ts'

type RunOutputs = Awaited<ReturnType<ReadNode['definition']['run']>>

export function mapItem(world: World, node: ReadNode): ItemWork<RunOutputs> {
  const { planned, definition } = node
  const paramsOf = ({ index, inputs }: ItemGroup) =>
    itemParams(definition, node.params, index, linkedParams(inputs))
  return {
    prepared(group) {
      const named = { index: group.index, name: group.name }
      try {
        return { ...named, ...recipesOf(node, paramsOf(group), group) }
      } catch {
        // What came in for a param cannot be used; `work` says so of this item alone.
        return { ...named, recipe: null }
      }
    },
    work: (group, round) =>
      definition.run({
        inputs: portValues(group),
        params: paramsOf(group),
        activities: round.activitiesFor(taskOf(world, node, group)),
        item: {
          name: group.name,
          index: group.index,
          ...(group.value === undefined ? {} : { value: group.value }),
        },
        made: group.made ?? group.inputs['image']?.made,
      }),
    outputsOf: (group, outputs) => stampOutputs(planned, definition, group, outputs),
  }
}

/** What the result is found by: by everybody, or only by a run that takes this one up again. */
export function recipesOf(
  { planned, definition }: ReadNode,
  params: Record<string, unknown>,
  { inputs, value }: Pick<ItemGroup, 'inputs' | 'value'>,
): Pick<PreparedItem, 'recipe' | 'carryRecipe'> {
  const recipe = itemRecipe(planned, definition, params, inputs)
  if (recipe !== null) return { recipe }
  // The item of a source is what its list says. Its params have made the list, and may be as long as that.
  const identity =
    value === undefined
      ? itemIdentity(planned, definition, params, inputs)
      : `${planned.type} ${planned.version} ${JSON.stringify(value)}`
  return { recipe: null, carryRecipe: identity }
}

function linkedParams(inputs: ItemGroup['inputs']): Record<string, Item['value']> {
  const linked: Record<string, Item['value']> = {}
  for (const [port, { value }] of Object.entries(inputs)) {
    const field = fieldOfHandle(port)
    if (field !== null) linked[field] = value
  }
  return linked
}

const portValues = ({ inputs }: ItemGroup): Record<string, Item['value']> =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([port, { value }]) =>
      fieldOfHandle(port) === null ? [[port, value]] : [],
    ),
  )
