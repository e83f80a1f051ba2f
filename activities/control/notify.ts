/** Writes the mails of a run into the outbox, once for the node and each addressee. */
import { StudioError, type CollectionRef, type TaskRef } from '@defect-studio/nodes'
import { findAddressees, mostAddressees, queueMails, retryTransaction } from '@defect-studio/stores'
import type { IoDependencies } from '../index.ts'

interface Notice {
  to: readonly string[]
  subject: string
  text: string
  collection?: CollectionRef
}

/**
 * `{count}`, `{run}` and `{graph}` are filled in, in one pass: what they stand for is not read again.
 * @throws StudioError 'invalid-input' for whoever is neither a member nor allowed otherwise.
 */
export async function notify(
  { db, publicUrl, allowExternalMail }: Pick<IoDependencies, 'db' | 'publicUrl' | 'allowExternalMail'>,
  notice: Notice,
  task: TaskRef,
): Promise<void> {
  const { runId, nodeId } = task
  await retryTransaction(db, async (tx) => {
    const run = await tx.run.findUniqueOrThrow({ where: { id: runId }, include: { owner: true } })
    const to = notice.to.length > 0 ? notice.to : [run.owner.loginId]
    const { addressees, unknown } = await findAddressees(tx, to, allowExternalMail)
    if (unknown.length > 0 || addressees.length > mostAddressees)
      throw new StudioError(
        'invalid-input',
        unknown.length > 0
          ? `${unknown.map((one) => `"${one}"`).join(', ')} is no member of this studio. Mails of runs go to members only.`
          : `A mail of a run goes to at most ${mostAddressees} people.`,
      )
    const blanks = {
      count: String(notice.collection?.count ?? 0),
      run: publicUrl === null ? runId : new URL(`/runs/${runId}`, publicUrl).href,
      graph: run.graphName,
    }
    await queueMails(
      tx,
      addressees.map(({ language, ...to }) => ({
        key: `notify-${runId}-${nodeId}-${to.address.toLowerCase()}`,
        to,
        language,
        // The words are the graph's own, in whatever language they were written.
        subject: fill(notice.subject, blanks),
        text: `${fill(notice.text, blanks)}\n`,
        ...(publicUrl === null ? {} : { link: blanks.run }),
      })),
    )
  })
}

function fill(text: string, blanks: Readonly<Record<'count' | 'run' | 'graph', string>>): string {
  return text.replace(/\{(count|run|graph)\}/g, (whole, name: string) =>
    name === 'count' || name === 'run' || name === 'graph' ? blanks[name] : whole,
  )
}
