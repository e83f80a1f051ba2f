/**
 * Has a mail that could not be sent tried again until it is sent or given up. It sends nothing itself: it makes the row
 * due, so that whichever API process has the mail server takes it, and is told how that ended.
 */
import { condition, continueAsNew, defineSignal, setHandler, sleep, workflowInfo } from '@temporalio/workflow'
import { house } from './house-activities.ts'
import { mailBackoffMs } from './mail-backoff.ts'
import { mailTriedSignal, type RetryMailInput } from './run-messages.ts'

/** Longer than a process may keep a mail without a word: then it is looked up who has it. */
const silenceMs = 4 * 60_000

/** @returns how the mail ended. */
export async function retryMail(input: RetryMailInput): Promise<'sent' | 'given-up' | 'gone'> {
  const { mailId } = input
  let heard = 0
  setHandler(defineSignal(mailTriedSignal), () => void heard++)
  for (let round = 1; ; round++) {
    const mail = await house.readMail({ mailId })
    if (mail.state !== 'waiting') return mail.state
    // At the end of its time it is tried once more, and that try gives it up.
    await sleep(Math.min(mailBackoffMs(round), Math.max(1_000, mail.usefulForMs)))
    const before = heard
    await house.wakeMail({ mailId, attempts: mail.attempts })
    await condition(() => heard > before, silenceMs)
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof retryMail>(input)
  }
}
