/**
 * How the C library of Linux (glibc) is to keep memory in a process that loads models and lets them go: in one place, and
 * back to the system at once. By its own rules it keeps what many threads have freed in many places, and the process swells
 * and shrinks by tens of megabytes without any model being the reason. Other systems do not look at these variables.
 */
export const STEADY_MEMORY = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
