/** Lets a transaction end whose connection broke: the server has undone it already, so a lost ROLLBACK is no failure. */
import { PrismaPg } from '@prisma/adapter-pg'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type AdapterTransaction = Awaited<ReturnType<Adapter['startTransaction']>>

/**
 * Prisma sends ROLLBACK after a failed query. On a broken connection that statement fails as well, and its error
 * hides the first one and goes unhandled besides, which would end the process.
 */
export class PrismaPgWithTolerantRollback extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    const startTransaction = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolationLevel) => tolerant(await startTransaction(isolationLevel))
    return adapter
  }
}

function tolerant(transaction: AdapterTransaction): AdapterTransaction {
  const executeRaw = transaction.executeRaw.bind(transaction)
  transaction.executeRaw = async (query) => {
    try {
      return await executeRaw(query)
    } catch (error) {
      if (query.sql === 'ROLLBACK') return 0
      throw error
    }
  }
  return transaction
}
