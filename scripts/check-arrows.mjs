/** Fails when a room imports what it may not, or when files import each other in a ring. */
import { checkArrows } from './arrows.mjs'
import { ROOT } from './prepare.mjs'

const problems = checkArrows(ROOT)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log('Arrows: every room imports only what it may')
