/** Tells the Temporal server by what runs can be found: a server of one's own does not know it from its start. */
import { searchAttributes } from '@defect-studio/workflows/run-messages'
import { type Client, Connection } from '@temporalio/client'

/** Keyword: matched as a whole. */
const keyword = 2

/** Harmless to repeat. Until it is done runs start without them, also where the server lets nobody do it. */
export async function registerSearchAttributes({ connection, options }: Client): Promise<void> {
  if (!(connection instanceof Connection)) return
  const { namespace } = options
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  const missing = Object.values(searchAttributes).filter((name) => !(name in customAttributes))
  if (missing.length === 0) return
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  })
}
