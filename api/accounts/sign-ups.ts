/** Asking for an account, and becoming a guest of the studio once the address is shown to be one's own. */
import {
  accountCode,
  accountNews,
  codeSeconds,
  guestDays,
  guestWaits,
  issueCode,
  mailLanguage,
  queueMail,
  queueMails,
  readSettings,
  tryCode,
  useCode,
  type MailLanguage,
} from '@defect-studio/stores'
import { Prisma, type SignUp, type Transaction } from '@defect-studio/prisma'
import { hashPassword } from '../auth/passwords.ts'
import { signingKey } from '../auth/signing-keys.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

/** How long somebody may take until the last code. */
const signUpMinutes = 60

export interface NewSignUp {
  loginId: string
  password: string
  email: string
  name: string
  nickname: string
  departmentId: string
  language: MailLanguage
}

type World = Pick<Studio, 'db' | 'config' | 'mailer'>

/**
 * Whoever asks sees the same whether or not the address has an account: the sign-up is written down either way, and what
 * the mail says is for the owner of the address. Whether the login id is free is said only once the address is shown.
 */
export async function askForAccount(world: World, { password, ...person }: NewSignUp): Promise<string> {
  const { db } = world
  const department = await db.department.count({ where: { id: person.departmentId, archivedAt: null } })
  if (department === 0)
    throw new ProblemError('invalid-request', 'There is no such department.', {
      remedy: 'Choose one of the list.',
      problems: [{ code: 'unknown', field: 'departmentId', message: 'There is no such department.' }],
    })
  const passwordHash = await hashPassword(password)
  const id = await db.$transaction(async (tx) => {
    const expiresAt = new Date(Date.now() + signUpMinutes * 60_000)
    const signUp = await tx.signUp.create({ data: { ...person, passwordHash, expiresAt } })
    await sendSignUpCode(tx, world, signUp)
    return signUp.id
  })
  world.mailer.wake()
  return id
}

/** @throws ProblemError 'not-found' for what is over, 'too-many-attempts' when the address has had too many codes. */
export async function sendCodeAgain(world: World, id: string): Promise<void> {
  await world.db.$transaction(async (tx) => {
    const signUp = await tx.signUp.findFirst({ where: { id, expiresAt: { gt: new Date() } } })
    if (!signUp) throw signUpOver()
    await sendSignUpCode(tx, world, signUp)
  })
  world.mailer.wake()
}

async function sendSignUpCode(tx: Transaction, { config }: World, signUp: SignUp): Promise<void> {
  const { id: subjectId, email, name } = signUp
  const isKnown = (await tx.member.count({ where: { email } })) > 0
  const key = signingKey(config.signingSecret, 'mail-code')
  const issued = await issueCode(tx, key, { purpose: 'sign_up', subjectId, email, isReal: !isKnown })
  if (!issued)
    throw new ProblemError('too-many-attempts', 'This address has had many codes already.', {
      remedy: 'Wait a quarter of an hour.',
      retryAfterSeconds: 900,
    })
  const language = mailLanguage(signUp.language)
  const letter = isKnown
    ? accountNews(language, { kind: 'already-member', name: '' })
    : accountCode(language, { name, purpose: 'sign_up', code: issued.code, minutes: codeSeconds / 60 })
  await queueMail(tx, {
    key: `code-${issued.id}`,
    to: { name: isKnown ? '' : name, address: email },
    language,
    usefulForSeconds: codeSeconds,
    ...letter,
  })
}

/**
 * Makes the guest, once. @param loginId another one, when the first was taken.
 * @throws ProblemError 'wrong-code'; 'already-taken' says which of both is, and leaves the code to be tried again.
 */
export async function verifySignUp(
  world: World,
  id: string,
  code: string,
  loginId: string | undefined,
): Promise<{ memberId: string; loginId: string; departmentId: string }> {
  const { db, config } = world
  const key = signingKey(config.signingSecret, 'mail-code')
  const right = await tryCode(db, key, { purpose: 'sign_up', subjectId: id }, code)
  if (!right) throw wrongCode()
  const made = await db
    .$transaction(async (tx) => {
      if (!(await useCode(tx, right.id))) throw wrongCode()
      const signUp = await tx.signUp.findUnique({ where: { id } })
      if (!signUp) throw wrongCode()
      if ((await readSettings(tx)).signUp === 'closed') throw signUpClosed()
      const { departmentId, email, name, nickname, passwordHash, language } = signUp
      const wanted = loginId ?? signUp.loginId
      await refuseTaken(tx, wanted, email)
      const member = await tx.member.create({
        data: { loginId: wanted, email, name, nickname, passwordHash, language, departmentId, role: 'guest' },
      })
      await tx.signUp.deleteMany({ where: { email } })
      await tellAdministrators(tx, member.id)
      return { memberId: member.id, loginId: wanted, departmentId }
    })
    .catch((error: unknown) => {
      // Of two at once with the same login id or address the second one comes here.
      const isTwice = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
      throw isTwice ? taken('loginId', 'This login id has just been taken.') : error
    })
  world.mailer.wake()
  return made
}

async function refuseTaken(tx: Transaction, loginId: string, email: string): Promise<void> {
  if ((await tx.member.count({ where: { email } })) > 0)
    throw taken('email', 'This address has an account already.')
  if ((await tx.member.count({ where: { loginId } })) > 0)
    throw taken('loginId', `The login id "${loginId}" is taken.`)
}

/** Those of the department, and those of the organisation. */
export async function tellAdministrators(tx: Transaction, guestId: string): Promise<void> {
  const guest = await tx.member.findUniqueOrThrow({ where: { id: guestId }, include: { department: true } })
  const admins = await tx.member.findMany({
    where: {
      disabledAt: null,
      OR: [{ role: 'super_admin' }, { role: 'department_admin', departmentId: guest.departmentId }],
    },
  })
  await queueMails(
    tx,
    admins.map(({ id, name, email, language: stored }) => {
      const language = mailLanguage(stored)
      const facts = { name, guest, department: guest.department.name, days: guestDays }
      const to = { name, address: email }
      return { key: `guest-waits-${guestId}-${id}`, to, language, ...guestWaits(language, facts) }
    }),
  )
}

const taken = (field: string, message: string): ProblemError =>
  new ProblemError('already-taken', message, {
    remedy: field === 'loginId' ? 'Choose another login id.' : 'Sign in, or set a new password.',
    problems: [{ code: 'taken', field, message }],
  })

/** One answer for every code that opens nothing. */
export const wrongCode = (): ProblemError =>
  new ProblemError(
    'wrong-code',
    'The code is wrong, was used or tried too often, or is older than 3 minutes.',
    {
      remedy: 'Ask for a new code.',
    },
  )

export const signUpClosed = (): ProblemError =>
  new ProblemError('not-allowed', 'People cannot sign up here by themselves.', {
    remedy: 'Ask an administrator for an account.',
  })

const signUpOver = (): ProblemError =>
  new ProblemError('not-found', 'This sign-up is over.', { remedy: 'Sign up again.' })
