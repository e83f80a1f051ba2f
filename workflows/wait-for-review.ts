/** How long people think does not matter: reminders by the clock, and a look now and then in case a message was lost. */

export interface ReviewWait {
  reviewId: string
  remindEveryHours: number
  /** @param round 1, 2, 3 … */
  remind(round: number): Promise<void>
  /** Whether it has been decided meanwhile. */
  poll(): Promise<boolean>
}

/** @param hour waits an hour at most. @returns whether the message came. */
export async function waitForReview(
  { remindEveryHours, remind, poll }: Omit<ReviewWait, 'reviewId'>,
  hour: () => Promise<boolean>,
): Promise<void> {
  for (let hours = 1; ; hours += 1) {
    if ((await hour()) || (await poll())) return
    if (hours % remindEveryHours === 0) await remind(hours / remindEveryHours)
  }
}
