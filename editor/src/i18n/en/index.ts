/** Every English text of the page. The nodes' words come from their definitions. */
import { accounts } from './accounts.ts'
import { editor } from './editor.ts'
import { models } from './models.ts'
import { outgoingMails } from './outgoing-mails.ts'
import { pages } from './pages.ts'
import { people } from './people.ts'
import { presets } from './presets.ts'
import { problems } from './problems.ts'
import { reviews } from './reviews.ts'
import { runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { shell } from './shell.ts'
import { sources } from './sources.ts'
import { statistics } from './statistics.ts'
import { prices, tokenMoves } from './tokens.ts'

export const en = {
  ...shell,
  ...pages,
  ...editor,
  ...problems,
  accounts,
  models,
  outgoingMails,
  people,
  presets,
  reviews,
  runs,
  schedules,
  sources,
  statistics,
  prices,
  tokenMoves,
}
