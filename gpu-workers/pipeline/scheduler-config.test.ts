/** What a checkpoint's scheduler_config.json may say: other classes' options are ignored, other meanings refused by name. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScheduler } from '../schedulers/index.ts'
import { tinySd } from './golden.test-support.ts'
import { readDiffusionFolder } from './model-folder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scheduler-config-'))
  await cp(tinySd, folder, { recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))

async function read(config: string) {
  await writeFile(join(folder, 'scheduler', 'scheduler_config.json'), config)
  return (await readDiffusionFolder(folder)).noiseSchedule
}

describe('scheduler_config.json', () => {
  it('gives its noise schedule whatever class it names and whatever else it holds', async () => {
    const config = await read(`{
      "_class_name": "SchedulerOfTomorrow", "_diffusers_version": "9.9", "algorithm_type": "newest",
      "lambda_min_clipped": -Infinity, "solver_order": 3, "thresholding": false, "variance_type": null,
      "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1
    }`)
    expect(config).toMatchObject({ beta_start: 0.00085, beta_schedule: 'scaled_linear', steps_offset: 1 })
    expect(createScheduler('DDIM', config, 4).timesteps).toEqual([751, 501, 251, 1])
  })

  it.each([
    ['a model for flow matching', '{"_class_name": "FlowMatchEulerDiscreteScheduler"}', 'flow matching'],
    ['an EDM model', '{"_class_name": "EDMEulerScheduler"}', 'EDM'],
    ['flow σ', '{"use_flow_sigmas": true}', 'use_flow_sigmas'],
    ['dynamic thresholding', '{"thresholding": true}', 'thresholding'],
    ['continuous times', '{"timestep_type": "continuous"}', 'timestep_type'],
    ['learned variance', '{"variance_type": "learned_range"}', 'learned_range is not served'],
    ['another prediction', '{"prediction_type": "flow_prediction"}', 'prediction_type'],
    ['another beta schedule', '{"beta_schedule": "sigmoid"}', 'beta_schedule'],
    ['no training times', '{"num_train_timesteps": 0}', 'num_train_timesteps'],
    ['no JSON', '{"beta_start": ', 'JSON'],
  ])('is refused with the option named: %s', async (_, config, named) => {
    const reading = read(config)
    await expect(reading).rejects.toMatchObject({ type: 'model-broken' })
    await expect(reading).rejects.toThrow('scheduler/scheduler_config.json cannot be used')
    await expect(reading).rejects.toThrow(named)
  })
})
