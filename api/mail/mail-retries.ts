/** Hands mails that could not be sent over to their workflows, which have them tried again for a day. */
import {
  graphTaskQueue,
  mailTriedSignal,
  mailWorkflowId,
  type RetryMailInput,
  retryMailWorkflow,
} from '@defect-studio/workflows/run-messages'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'

export interface MailRetries {
  /**
   * Says that a try has ended: the workflow of the mail is begun if there is none and the mail has not ended.
   * @param isOver whether the mail is sent or given up.
   * @throws when Temporal is away.
   */
  tried(mailId: string, isOver: boolean): Promise<void>
}

/** Temporal answers in milliseconds or is away. */
const patienceMs = 5_000

export function createMailRetries(temporal: Client): MailRetries {
  return {
    async tried(mailId, isOver) {
      const workflowId = mailWorkflowId(mailId)
      await temporal.withDeadline(Date.now() + patienceMs, async () => {
        if (isOver) return tellOnly(temporal, workflowId)
        const input: RetryMailInput = { mailId }
        await temporal.workflow.signalWithStart(retryMailWorkflow, {
          taskQueue: graphTaskQueue,
          workflowId,
          args: [input],
          signal: mailTriedSignal,
          signalArgs: [],
          // A mail that was given up may be sent again by an administrator, and fail again.
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        })
      })
    },
  }
}

async function tellOnly(temporal: Client, workflowId: string): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowId).signal(mailTriedSignal)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}
