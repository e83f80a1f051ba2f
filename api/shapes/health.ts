/** The state of the studio's components as the API shows it. */
import { z } from 'zod'

/** One process as the supervisor sees it. Anybody may ask: process ids and how a process died are not passed on. */
const SupervisedComponent = z.object({
  name: z.string(),
  state: z.string(),
  restarts: z.int().min(0).optional().meta({ description: 'How often it was started again.' }),
})

/** The supervisor's file: a list, or an object that holds it. */
export const SupervisorFile = z.union([
  z.array(SupervisedComponent),
  z.object({ components: z.array(SupervisedComponent) }).transform((file) => file.components),
])

export const HealthComponent = z.object({
  name: z.string(),
  state: z.enum(['up', 'down']),
  detail: z.string().meta({ description: 'What is wrong and what to do; empty when all is well.' }),
})
export type HealthComponent = z.infer<typeof HealthComponent>

export const Health = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    components: z.array(HealthComponent),
    supervised: z.array(SupervisedComponent).optional(),
  })
  .meta({ id: 'Health' })
