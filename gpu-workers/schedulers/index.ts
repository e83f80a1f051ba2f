/** The samplers by the names that people see. */
import { createDdim } from './ddim.ts'
import { createDpmMultistep } from './dpm-multistep.ts'
import { createEulerAncestral } from './euler-ancestral.ts'
import { createEuler } from './euler.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import type { Scheduler } from './scheduler.ts'

type SchedulerFactory = (config: NoiseScheduleConfig, steps: number) => Scheduler

const karras =
  (create: SchedulerFactory): SchedulerFactory =>
  (config, steps) =>
    create({ ...config, use_karras_sigmas: true }, steps)

const plain =
  (create: SchedulerFactory): SchedulerFactory =>
  (config, steps) =>
    create({ ...config, use_karras_sigmas: false }, steps)

const factories = {
  DDIM: createDdim,
  Euler: plain(createEuler),
  'Euler a': createEulerAncestral,
  'DPM++ 2M': plain(createDpmMultistep),
  'DPM++ 2M Karras': karras(createDpmMultistep),
} satisfies Record<string, SchedulerFactory>

export type SchedulerName = keyof typeof factories

/** Every sampler's name, in the order in which to offer them. */
export const schedulerNames = Object.keys(factories).filter(isSchedulerName)

export function isSchedulerName(name: string): name is SchedulerName {
  return Object.hasOwn(factories, name)
}

/** A fresh run of the named sampler; see `Scheduler`. `steps` is 1 to the number of times the model was trained on. */
export function createScheduler(name: SchedulerName, config: NoiseScheduleConfig, steps: number): Scheduler {
  return factories[name](config, steps)
}
