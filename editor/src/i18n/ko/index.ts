/** Every Korean text of the page, the nodes' words among them. */
import { editor } from './editor.ts'
import { models } from './models.ts'
import { nodes } from './nodes.ts'
import { pages } from './pages.ts'
import { problems } from './problems.ts'
import { schedules } from './schedules.ts'
import { shell } from './shell.ts'

export const ko = { ...shell, ...pages, ...editor, ...problems, models, nodes, schedules }
