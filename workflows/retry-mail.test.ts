/** A mail that does not go out has a workflow: it makes the row due again, later each time, until the mail has ended. */
import { randomUUID } from 'node:crypto'
import type { MailStanding } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { mailBackoffMs } from './mail-backoff.ts'
import { graphTaskQueue, mailTriedSignal, mailWorkflowId, retryMailWorkflow } from './run-messages.ts'
import { useStudio } from './run-to-end.fixtures.ts'

const start = useStudio()

test('it wakes the mail after each failed try, and ends with the mail', async () => {
  const mailId = randomUUID()
  const mail: MailStanding = { state: 'waiting', attempts: 1, usefulForMs: 60_000 }
  const woken: number[] = []
  const at = await start(
    {},
    {
      house: {
        readMail: async () => ({ ...mail }),
        // As the API does: it tries again, and says that the try has ended.
        async wakeMail({ attempts }) {
          woken.push(attempts)
          mail.attempts++
          if (mail.attempts === 3) mail.state = 'sent'
          await at.client.workflow.getHandle(mailWorkflowId(mailId)).signal(mailTriedSignal)
        },
      },
    },
  )
  const handle = await at.client.workflow.signalWithStart(retryMailWorkflow, {
    taskQueue: graphTaskQueue,
    workflowId: mailWorkflowId(mailId),
    args: [{ mailId }],
    signal: mailTriedSignal,
  })
  expect(await handle.result()).toBe('sent')
  expect(woken).toEqual([1, 2])
})

test('tries come after 2 s, then twice as late each time, an hour at most', () => {
  expect([1, 2, 3, 10, 11, 12, 40].map(mailBackoffMs)).toEqual([
    2_000, 4_000, 8_000, 1_024_000, 2_048_000, 3_600_000, 3_600_000,
  ])
})
