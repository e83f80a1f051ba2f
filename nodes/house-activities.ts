/** What the studio does for itself, by the clock: starting scheduled runs, and sweeping. On the `io` queue. */

export interface HouseActivities {
  /**
   * Writes down the run of one scheduled time, once, however often it is asked. Null: the schedule is paused, gone, or
   * has stopped itself because its owner or the tokens are missing; its people have been told by mail.
   */
  openScheduledRun(input: {
    scheduleId: string
    /** The time that the schedule meant, in ISO 8601. */
    scheduledFor: string
  }): Promise<{ runId: string } | null>
  /** Lets expired tokens go, and gives back holds of runs that have ended. */
  sweepLedger(): Promise<{ expiredLots: number; releasedHolds: number; broken: string[] }>
  /** Removes guests whom nobody approved within three days, and codes, sign-ups and sessions that are over. */
  sweepAccounts(): Promise<{ guests: number; rests: number }>
  /** Deletes runs and results that no policy keeps, then artifacts that nothing names. */
  sweepKept(): Promise<{ runs: number; results: number; events: number; artifacts: number; bytes: number }>
  /** How a mail of the outbox stands. */
  readMail(input: { mailId: string }): Promise<MailStanding>
  /** Makes a mail due, unless it was tried since it stood so, is being sent, or has gone its way. */
  wakeMail(input: { mailId: string; attempts: number }): Promise<void>
}

export interface MailStanding {
  /** `gone`: nobody remembers it. */
  state: 'waiting' | 'sent' | 'given-up' | 'gone'
  /** How often it was tried. */
  attempts: number
  /** Milliseconds for which it is still worth sending; 0 when it is not. */
  usefulForMs: number
}
