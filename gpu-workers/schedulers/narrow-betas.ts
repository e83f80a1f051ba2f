/** Heun, DPM2 and DPM2 a of the reference start from Stable Diffusion's noise where a config is silent; others do not. */
import type { BetaDefaults } from './noise-schedule.ts'

export const narrowBetas: BetaDefaults = { start: 0.00085, end: 0.012, schedule: 'linear' }
