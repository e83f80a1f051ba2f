/** What pages ask about schedules. */
import { usePages } from './queries.ts'
import type { Schedule } from './types.ts'

export const useSchedules = () => usePages<Schedule>(['schedules'], '/schedules', 15_000)
