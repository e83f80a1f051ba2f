/** The samplers by the names that people see. */
import type { Sampler } from '@defect-studio/nodes'
import { createDdim } from './ddim.ts'
import { createDpm2Ancestral } from './dpm2-ancestral.ts'
import { createDpm2 } from './dpm2.ts'
import { createDpmMultistep } from './dpm-multistep.ts'
import { createDpmSinglestep } from './dpm-singlestep.ts'
import { createEulerAncestral } from './euler-ancestral.ts'
import { createEuler } from './euler.ts'
import { createHeun } from './heun.ts'
import { createLcm } from './lcm.ts'
import { createLms } from './lms.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import type { Scheduler } from './scheduler.ts'
import { createUniPc } from './unipc.ts'

type SchedulerFactory = (config: NoiseScheduleConfig, steps: number) => Scheduler

const karras = { karras: true }

const factories: Record<Sampler, SchedulerFactory> = {
  'DPM++ 2M': createDpmMultistep,
  'DPM++ 2M Karras': (config, steps) => createDpmMultistep(config, steps, karras),
  'DPM++ 2M SDE': (config, steps) => createDpmMultistep(config, steps, { sde: true }),
  'DPM++ 2M SDE Karras': (config, steps) => createDpmMultistep(config, steps, { sde: true, karras: true }),
  'DPM++ SDE': createDpmSinglestep,
  'DPM++ SDE Karras': (config, steps) => createDpmSinglestep(config, steps, karras),
  DPM2: createDpm2,
  'DPM2 Karras': (config, steps) => createDpm2(config, steps, karras),
  'DPM2 a': createDpm2Ancestral,
  'DPM2 a Karras': (config, steps) => createDpm2Ancestral(config, steps, karras),
  Euler: createEuler,
  'Euler a': createEulerAncestral,
  Heun: createHeun,
  LMS: createLms,
  'LMS Karras': (config, steps) => createLms(config, steps, karras),
  DDIM: createDdim,
  UniPC: createUniPc,
  LCM: createLcm,
}

/** A fresh run of the named sampler; see `Scheduler`. `steps` is 1 to the number of times the model was trained on. */
export function createScheduler(name: Sampler, config: NoiseScheduleConfig, steps: number): Scheduler {
  return factories[name](config, steps)
}
