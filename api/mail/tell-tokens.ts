/** Tells a member by mail that tokens came, once for each transfer. */
import { mailLanguage, queueMail, tokensReceived } from '@defect-studio/stores'
import { findFirstGift } from '../setup/create-owner.ts'
import { toTokens } from '../shapes/tokens.ts'
import type { StudioWorld } from '../studio.ts'

type World = Pick<StudioWorld, 'db' | 'mailer' | 'log' | 'config'>

/** Who is away for longer sees it on the page; a studio that is started again does not write about old times. */
const newsForMs = 24 * 60 * 60 * 1000

const mailKey = 'transfer-'

/**
 * Call it after the transfer is committed; never throws, since the tokens are there whether or not a mail goes out.
 * @param idem key of the transfer from a department to the member.
 */
export async function tellOfTokens({ db, mailer, log, config }: World, idem: string): Promise<void> {
  try {
    const transfer = await db.transfer.findUnique({ where: { idem } })
    if (transfer?.kind !== 'distribute' || Date.now() - transfer.createdAt.getTime() > newsForMs) return
    const account = await db.account.findUnique({ where: { id: transfer.creditAccountId } })
    if (!account?.holderId) return
    const member = await db.member.findUnique({
      where: { id: account.holderId, disabledAt: null },
      include: { department: true },
    })
    if (!member) return
    const giver = transfer.memberId
      ? await db.member.findUnique({ where: { id: transfer.memberId }, select: { name: true } })
      : null
    const language = mailLanguage(member.language)
    const letter = tokensReceived(language, {
      name: member.name,
      department: member.department.name,
      tokens: toTokens(transfer.amount),
      giver: transfer.memberId === member.id ? null : (giver?.name ?? null),
      page: config.publicUrl ? new URL('/tokens', config.publicUrl).href : null,
    })
    const to = { name: member.name, address: member.email }
    await queueMail(db, { key: mailKey + transfer.id, to, language, ...letter })
    mailer.wake()
  } catch (error) {
    log.warn({ err: error, idem }, 'a member was not told of new tokens')
  }
}

/** The owner's first tokens are given at the first visit, or at a later start when the process died in between. */
export async function tellOfFirstTokens(world: World): Promise<void> {
  try {
    const idem = await findFirstGift(world)
    if (idem !== null) await tellOfTokens(world, idem)
  } catch (error) {
    world.log.warn({ err: error }, 'the owner was not told of the first tokens')
  }
}

/** At a start: the process may have died between a transfer and its mail. */
export async function tellOfMissedTokens(world: World): Promise<void> {
  try {
    const missed = await world.db.$queryRaw<{ idem: string }[]>`
      SELECT "idem" FROM "Transfer" gift
      WHERE "kind" = 'distribute' AND "createdAt" > ${new Date(Date.now() - newsForMs)}
        AND NOT EXISTS (SELECT 1 FROM "OutgoingMail" WHERE "key" = ${mailKey} || gift."id"::text)
      LIMIT 1000`
    for (const { idem } of missed) await tellOfTokens(world, idem)
  } catch (error) {
    world.log.warn({ err: error }, 'members were not told of missed tokens')
  }
}
