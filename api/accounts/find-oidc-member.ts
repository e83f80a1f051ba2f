/** Whom an OpenID Connect provider means: a member who came that way before, one with the same address, or a new guest. */
import { accountNews, mailLanguage, queueMail, retryTransaction } from '@defect-studio/stores'
import type { Transaction } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import type { OidcConfig } from '../auth/oidc-config.ts'
import type { OidcClaims } from '../auth/oidc-provider.ts'
import { toCaller } from '../auth/sessions.ts'
import { ProblemError } from '../problem.ts'
import { NewLoginId, PersonName } from '../shapes/person.ts'
import type { Studio } from '../studio.ts'
import { tellAdministrators } from './sign-ups.ts'

type World = Pick<Studio, 'db' | 'mailer'>

/**
 * An address links an account only where the provider vouches for it (`email_verified`): otherwise whoever can write any
 * address at the provider could sign in as anybody here.
 * @throws ProblemError 'not-allowed'.
 */
export async function findOidcMember(world: World, oidc: OidcConfig, claims: OidcClaims): Promise<Caller> {
  const issuer = oidc.issuer.href
  const email = claims.email_verified === true ? claims.email : undefined
  refuseForeignDomain(oidc, email)
  const caller = await retryTransaction(world.db, async (tx) => {
    const known = await tx.oidcIdentity.findUnique({
      where: { issuer_subject: { issuer, subject: claims.sub } },
    })
    const memberId = known?.memberId ?? (await linkMember(tx, oidc, claims, email))
    const member = await tx.member.findUniqueOrThrow({
      where: { id: memberId },
      include: { department: true },
    })
    if (member.disabledAt) throw refuse('This account may no longer sign in.')
    return toCaller({ ...member, departmentName: member.department.name }, null)
  })
  world.mailer.wake()
  return caller
}

async function linkMember(
  tx: Transaction,
  oidc: OidcConfig,
  claims: OidcClaims,
  email: string | undefined,
): Promise<string> {
  if (email === undefined) throw refuse(`${oidc.name} does not vouch for a mail address of yours.`)
  const issuer = oidc.issuer.href
  const member = await tx.member.findUnique({ where: { email } })
  if (!member && !oidc.autoCreate) throw refuse('There is no account for you here.')
  const memberId = member?.id ?? (await makeGuest(tx, oidc, claims, email))
  await tx.oidcIdentity.create({ data: { issuer, subject: claims.sub, memberId } })
  if (member && !member.disabledAt) {
    const language = mailLanguage(member.language)
    await queueMail(tx, {
      key: `identity-linked-${member.id}-${Date.now()}`,
      to: { name: member.name, address: member.email },
      language,
      ...accountNews(language, { kind: 'identity-linked', name: member.name, provider: oidc.name }),
    })
  }
  return memberId
}

async function makeGuest(
  tx: Transaction,
  oidc: OidcConfig,
  claims: OidcClaims,
  email: string,
): Promise<string> {
  const department = await tx.department.findFirst({
    where: { archivedAt: null, ...(oidc.department === null ? {} : { name: oidc.department }) },
    orderBy: { createdAt: 'asc' },
  })
  if (!department) throw refuse('There is no department for new people.')
  const name = nameOf(claims.name, email)
  const guest = await tx.member.create({
    data: {
      loginId: await freeLoginId(tx, claims.preferred_username ?? email, email),
      email,
      name,
      nickname: nameOf(claims.nickname, name),
      passwordHash: null,
      role: 'guest',
      departmentId: department.id,
    },
  })
  await tellAdministrators(tx, guest.id)
  return guest.id
}

/** What the provider says, when it can be a name here. */
function nameOf(text: string | undefined, otherwise: string): string {
  const name = PersonName.safeParse(text)
  return name.success ? name.data : otherwise
}

async function freeLoginId(tx: Transaction, wanted: string, email: string): Promise<string> {
  const cleaned = wanted
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9._-]/g, '')
    .replace(/^[^a-z0-9]+/, '')
  const base = NewLoginId.safeParse(cleaned.slice(0, 40))
  const first = base.success ? base.data : `member-${(email.split('@')[0] ?? '').replace(/[^a-z0-9]/g, '')}`
  const stem = first.slice(0, 40)
  for (let number = 1; number < 1_000; number++) {
    const loginId = number === 1 ? stem : `${stem}-${number}`
    if ((await tx.member.count({ where: { loginId } })) === 0) return loginId
  }
  return `member-${crypto.randomUUID()}`
}

function refuseForeignDomain({ allowedDomains, name }: OidcConfig, email: string | undefined): void {
  if (allowedDomains.length === 0) return
  const domain = email?.slice(email.lastIndexOf('@') + 1)
  if (domain === undefined || !allowedDomains.includes(domain))
    throw refuse(`Only some mail addresses of ${name} may sign in here.`)
}

const refuse = (why: string): ProblemError =>
  new ProblemError('not-allowed', why, { remedy: 'Ask an administrator.' })
