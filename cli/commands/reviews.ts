/** The commands by which people decide about pictures that a run waits for. */
import type { Command } from 'commander'
import type { components } from '../__generated__/openapi.ts'
import { connectSignedIn, type StudioClient, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printRows } from '../print-table.ts'

const itemsAtOnce = 200

export function addReviewCommands(program: Command): void {
  const reviews = program.command('reviews').description('pictures that runs wait for people to decide about')
  reviews
    .command('list', { isDefault: true })
    .option('--all', 'also those of before')
    .option('--json')
    .action(async ({ all, ...options }: { all?: boolean; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const query = { state: all ? ('all' as const) : ('waiting' as const), limit: 100 }
      const { items } = unwrap(await client.GET('/api/v1/reviews', { params: { query } }))
      const rows = items.map((review) => ({
        id: review.id,
        title: review.title,
        graph: review.graphName,
        state: review.state,
        undecided: review.undecided,
        pictures: review.total,
        asked: review.ownerNickname,
      }))
      printRows(rows, { ...options, empty: 'Nothing waits for you.' })
    })
  reviews
    .command('show')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, options: { json?: boolean }) => {
      const { client, address } = await connectSignedIn(process.env)
      const items = await readItems(client, id)
      const rows = items.map(({ index, name, accepted, decidedBy, comment, image }) => ({
        place: index,
        name,
        decision: accepted === null ? 'undecided' : accepted ? 'accepted' : 'rejected',
        by: decidedBy,
        comment,
        picture: `${address.url}${image.url}`,
      }))
      printRows(rows, { ...options, empty: 'There are no pictures.' })
    })
  addDecision(reviews, 'accept', true)
  addDecision(reviews, 'reject', false)
}

function addDecision(reviews: Command, name: 'accept' | 'reject', accepted: boolean): void {
  reviews
    .command(name)
    .description(`${name} pictures of a review; the last word counts until every picture has one`)
    .argument('<id>')
    .argument('[names...]', 'names or places of the pictures, as "reviews show" lists them')
    .option('--rest', `${name} everything that is undecided, and end the review`)
    .option('--comment <text>')
    .action(async (id: string, names: string[], options: { rest?: boolean; comment?: string }) => {
      if (names.length > 0 === (options.rest === true))
        throw new CommandError(exitCodes.usage, 'Name the pictures, or say --rest for all that is undecided.')
      const { client } = await connectSignedIn(process.env)
      const params = { path: { id } }
      const review = options.rest
        ? unwrap(await client.POST('/api/v1/reviews/{id}/close', { params, body: { undecided: name } }))
        : await decide(client, id, { names, accepted, comment: options.comment })
      process.stdout.write(
        review.state === 'decided'
          ? `Everything is decided: ${review.accepted} accepted, ${review.rejected} rejected. The run goes on.\n`
          : `${review.undecided} of ${review.total} pictures are undecided.\n`,
      )
    })
}

interface Decision {
  names: readonly string[]
  accepted: boolean
  comment: string | undefined
}

async function decide(client: StudioClient, id: string, { names, accepted, comment }: Decision) {
  const items = await readItems(client, id)
  const indexes = names.map((name) => {
    const item = items.find((one) => one.name === name) ?? items.find(({ index }) => String(index) === name)
    if (!item)
      throw new CommandError(
        exitCodes.usage,
        `This review has no picture "${name}". See "reviews show ${id}".`,
      )
    return item.index
  })
  let review
  for (let from = 0; from < indexes.length; from += itemsAtOnce)
    review = unwrap(
      await client.POST('/api/v1/reviews/{id}/decisions', {
        params: { path: { id } },
        body: {
          indexes: indexes.slice(from, from + itemsAtOnce),
          accepted,
          ...(comment === undefined ? {} : { comment }),
        },
      }),
    )
  if (!review) throw new CommandError(exitCodes.usage, 'Name at least one picture.')
  return review
}

type ReviewItem = components['schemas']['ReviewItem']

async function readItems(client: StudioClient, id: string): Promise<ReviewItem[]> {
  const items: ReviewItem[] = []
  for (;;) {
    const query = { from: (items.at(-1)?.index ?? -1) + 1, limit: itemsAtOnce }
    const page = unwrap(
      await client.GET('/api/v1/reviews/{id}/items', { params: { path: { id }, query } }),
    ).items
    items.push(...page)
    if (page.length < itemsAtOnce) return items
  }
}
