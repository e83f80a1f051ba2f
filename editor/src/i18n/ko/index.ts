/** Every Korean text of the page, the nodes' words among them. */
import { accounts } from './accounts.ts'
import { editor } from './editor.ts'
import { models } from './models.ts'
import { nodes } from './nodes.ts'
import { outgoingMails } from './outgoing-mails.ts'
import { pages } from './pages.ts'
import { people } from './people.ts'
import { presets } from './presets.ts'
import { problems } from './problems.ts'
import { reviews } from './reviews.ts'
import { runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { shell } from './shell.ts'
import { sourceNodes } from './source-nodes.ts'
import { sources } from './sources.ts'
import { statistics } from './statistics.ts'
import { prices, tokenMoves } from './tokens.ts'

export const ko = {
  ...shell,
  ...pages,
  ...editor,
  ...problems,
  accounts,
  models,
  outgoingMails,
  people,
  presets,
  nodes: { ...nodes, ...sourceNodes },
  reviews,
  runs,
  schedules,
  sources,
  statistics,
  prices,
  tokenMoves,
}
