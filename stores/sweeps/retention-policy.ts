/** How long what nobody keeps is kept, from the environment of the activity worker. */
import { z } from 'zod'

const days = (usual: number) => z.coerce.number().min(0).max(36_500).default(usual)

/** Variables of the environment; a retention of 0 days keeps for ever. */
export const retentionEnvironment = {
  RUN_RETENTION_DAYS: days(90),
  RESULT_RETENTION_DAYS: days(30),
  /** At least an hour: work that is under way stores its pictures before anything names them. */
  ARTIFACT_GRACE_HOURS: z.coerce.number().min(1).max(8_760).default(24),
}

export interface RetentionPolicy {
  /** Runs that ended longer ago go, unless somebody keeps them; null keeps all. */
  runDays: number | null
  /** Results that were not found again for so long are made anew; null keeps all. */
  resultDays: number | null
  /** An artifact that nothing names is deleted so long after it was stored. */
  graceHours: number
}

export function retentionPolicy(env: z.output<z.ZodObject<typeof retentionEnvironment>>): RetentionPolicy {
  return {
    runDays: env.RUN_RETENTION_DAYS || null,
    resultDays: env.RESULT_RETENTION_DAYS || null,
    graceHours: env.ARTIFACT_GRACE_HOURS,
  }
}
