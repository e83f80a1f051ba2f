/** The names under which processes call each other through PostgreSQL's NOTIFY. */
export const channels = {
  /** The log of events has more rows. Without a payload: PostgreSQL sends it once for a transaction. */
  log: 'run_events',
  /** The payload is a RunEvent of progress. */
  progress: 'run_progress',
  /** The payload is a Change. */
  changes: 'studio_changes',
} as const
