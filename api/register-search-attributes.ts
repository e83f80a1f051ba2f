/** Tells the Temporal server by what runs can be found: a server of one's own does not know it from its start. */
import { searchAttributes } from '@defect-studio/workflows/run-messages'
import type { Client, Connection } from '@temporalio/client'
import type { Logger } from 'pino'

/** Keyword: matched as a whole. */
const keyword = 2

/** Harmless to repeat. Where it is not allowed or the server is away, runs start without them, and it is said once. */
export async function registerSearchAttributes(
  temporal: Client,
  namespace: string,
  log: Logger,
): Promise<void> {
  try {
    const { operatorService } = temporal.connection as Connection
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace })
    const missing = Object.values(searchAttributes).filter((name) => !(name in customAttributes))
    if (missing.length === 0) return
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    })
    log.info({ added: missing }, 'search attributes registered')
  } catch (error) {
    log.warn({ err: error }, 'runs start without search attributes until Temporal takes them')
  }
}
