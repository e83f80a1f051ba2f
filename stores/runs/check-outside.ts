/** Refuses, before a run begins, reviewers and addressees who do not exist and webhooks that could not be sent. */
import { type GraphProblem, type Plan, type PlannedNode, readNames } from '@defect-studio/nodes'
import { findAddressees, mostAddressees } from '../mails/find-addressees.ts'
import { unknownReviewers } from '../reviews/asked-members.ts'
import type { RunCallback, RunStarter, RunWorld } from './run-order.ts'
import { refuseGraph } from './run-refusal.ts'

type Refusal = Pick<GraphProblem, 'field' | 'message' | 'remedy'>
type World = Pick<RunWorld, 'db' | 'allowExternalMail' | 'webhookProblem'>
type Check = (world: World, starter: RunStarter, params: PlannedNode['params']) => Promise<Refusal | null>

const checks: Readonly<Record<string, Check>> = {
  review: checkReviewers,
  notify: checkAddressees,
  'call-webhook': checkWebhook,
}

/** @throws RunRefusal 'invalid-graph' when whoever is to be told of the end of a run could not be. */
export async function checkCallback(
  world: World,
  starter: RunStarter,
  callback: RunCallback | undefined,
): Promise<void> {
  if (!callback) return
  const { url, secretName } = callback
  const refusal = await checkWebhook(world, starter, { url, secretName: secretName ?? '' })
  if (!refusal) return
  const { field, message, remedy } = refusal
  throw refuseGraph([{ code: 'bad-param', field: `callback.${field}`, message, remedy }])
}

export async function checkOutside(world: World, starter: RunStarter, plan: Plan): Promise<GraphProblem[]> {
  const problems: GraphProblem[] = []
  for (const { id, type, params, pinned } of plan.nodes) {
    const check = Object.hasOwn(checks, type) && !pinned ? checks[type] : undefined
    const refusal = check ? await check(world, starter, params) : null
    if (refusal) problems.push({ code: 'bad-param', nodeId: id, ...refusal })
  }
  return problems
}

async function checkReviewers({ db }: World, { departmentId }: RunStarter, params: PlannedNode['params']) {
  const unknown = await unknownReviewers(db, departmentId, readNames(textOf(params, 'reviewers')))
  if (unknown.length === 0) return null
  return {
    field: 'reviewers',
    message: `Nobody of the department has the login id ${quoted(unknown)}.`,
    remedy: 'Name members of your department, or nobody: then anybody of it may decide.',
  }
}

async function checkAddressees(
  { db, allowExternalMail = false }: World,
  _starter: RunStarter,
  params: PlannedNode['params'],
) {
  const to = readNames(textOf(params, 'to'))
  const { unknown } = await findAddressees(db, to, allowExternalMail)
  if (unknown.length > 0)
    return {
      field: 'to',
      message: `${quoted(unknown)} is no member of this studio.`,
      remedy: allowExternalMail
        ? 'Write a login id or a whole mail address.'
        : 'Mails of runs go to members only; an administrator can change that with ALLOW_EXTERNAL_MAIL.',
    }
  return to.length <= mostAddressees
    ? null
    : { field: 'to', message: `A mail goes to at most ${mostAddressees} people.`, remedy: 'Name fewer.' }
}

async function checkWebhook(
  { db, webhookProblem }: World,
  { departmentId }: RunStarter,
  params: PlannedNode['params'],
) {
  const problem = webhookProblem?.(textOf(params, 'url')) ?? null
  if (problem !== null)
    return { field: 'url', message: problem, remedy: 'Give an address that the studio may reach.' }
  const name = textOf(params, 'secretName')
  if (name === '' || (await db.webhookSecret.count({ where: { departmentId, name } })) > 0) return null
  return {
    field: 'secretName',
    message: `Your department has no webhook secret "${name}".`,
    remedy: 'Ask an administrator of the department to make it, or leave the field empty.',
  }
}

function textOf(params: PlannedNode['params'], field: string): string {
  const value = params[field]
  return typeof value === 'string' ? value : ''
}

const quoted = (names: readonly string[]): string =>
  names
    .slice(0, 10)
    .map((name) => `"${name.slice(0, 100)}"`)
    .join(', ')
