/** Which of our samplers is the one that another tool names, or the nearest to it. */
import { samplers, type Sampler } from '../activities.ts'

/** Other names, in small letters, with ours from the nearest on. */
const others: Record<string, readonly string[]> = {
  'dpm++ 2s a': ['DPM++ SDE', 'Euler a'],
  'dpm++ 2s a karras': ['DPM++ SDE Karras', 'Euler a'],
  'dpm++ 2m sde heun': ['DPM++ 2M SDE'],
  'dpm++ 2m sde heun karras': ['DPM++ 2M SDE Karras'],
  'dpm++ 3m sde': ['DPM++ 2M SDE'],
  'dpm++ 3m sde karras': ['DPM++ 2M SDE Karras'],
  'dpm fast': ['DPM++ 2M'],
  'dpm adaptive': ['DPM++ 2M'],
  plms: ['LMS', 'DDIM'],
  ddpm: ['Euler a'],
  'ddim cfg++': ['DDIM'],
  restart: ['Heun', 'Euler'],
}

/**
 * @param schedule the noise schedule where it is named apart from the sampler, as newer web UIs do: `Karras`.
 * @returns the sampler, and whether it is the very one; null when the name says nothing to us.
 */
export function nearestSampler(name: string, schedule = ''): { sampler: Sampler; exact: boolean } | null {
  const asked = [name, schedule]
    .filter((part) => !/^(automatic|normal|uniform)?$/i.test(part.trim()))
    .join(' ')
  const same = find(asked)
  if (same) return { sampler: same, exact: true }
  const withoutSchedule = asked.replace(
    / (karras|exponential|polyexponential|sgm uniform|simple|beta|turbo|ays.*)$/i,
    '',
  )
  const candidates = [
    ...(others[asked.toLowerCase()] ?? []),
    withoutSchedule,
    ...(others[withoutSchedule.toLowerCase()] ?? []),
  ]
  for (const candidate of candidates) {
    const sampler = find(candidate)
    if (sampler) return { sampler, exact: false }
  }
  return null
}

function find(name: string): Sampler | undefined {
  return samplers.find((sampler) => sampler.toLowerCase() === name.trim().toLowerCase())
}
