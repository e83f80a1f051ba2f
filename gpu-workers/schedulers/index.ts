/** The samplers by the names that people see. */
import type { Sampler } from '@defect-studio/nodes'
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

const factories: Record<Sampler, SchedulerFactory> = {
  DDIM: createDdim,
  Euler: plain(createEuler),
  'Euler a': createEulerAncestral,
  'DPM++ 2M': plain(createDpmMultistep),
  'DPM++ 2M Karras': karras(createDpmMultistep),
}

/** A fresh run of the named sampler; see `Scheduler`. `steps` is 1 to the number of times the model was trained on. */
export function createScheduler(name: Sampler, config: NoiseScheduleConfig, steps: number): Scheduler {
  return factories[name](config, steps)
}
