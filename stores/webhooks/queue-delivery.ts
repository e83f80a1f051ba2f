/** Writes down a request that has to reach another system, in the transaction of what it tells of. */
import { StudioError, type JsonValue } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'

export interface DeliveryOrder {
  /** Names what it tells of, as `run-ended:<run id>`: a delivery of the same key is made once. */
  key: string
  /** Where it goes. Whether that is allowed is looked at when it is sent, after the name has been resolved. */
  url: string
  /** As `sealSecret` gave it for 'outgoing-webhook'; null sends it without a signature. */
  sealedSecret: string | null
  body: { [key: string]: JsonValue }
  runId: string | null
  departmentId: string
}

/** Whoever receives it should not have to take more than this; bytes of JSON. */
export const largestDeliveryBytes = 256 * 1024

/**
 * Idempotent by the key: the first order of a key is the one that is sent.
 * @throws StudioError 'invalid-input' for a body of more than `largestDeliveryBytes`.
 */
export async function queueDelivery(tx: Database | Transaction, order: DeliveryOrder): Promise<void> {
  const bytes = Buffer.byteLength(JSON.stringify(order.body))
  if (bytes > largestDeliveryBytes)
    throw new StudioError(
      'invalid-input',
      `The body of this webhook has ${bytes} bytes; at most ${largestDeliveryBytes} are sent.`,
    )
  await tx.webhookDelivery.createMany({
    data: [order],
    skipDuplicates: true,
  })
}
