/** How long after which failed try a mail is tried again; the same for the workflow and for an API without one. */

const longestMs = 3_600_000

/** @param failed how many tries have failed, from 1 on. @returns milliseconds: 2 s, doubled up to an hour. */
export const mailBackoffMs = (failed: number): number => Math.min(longestMs, 1_000 * 2 ** Math.max(1, failed))
