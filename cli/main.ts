/** The `defect-studio` command: a client of the studio's API like any other. */
import { Command, CommanderError } from 'commander'
import { addAuditCommands } from './commands/audit.ts'
import { addBatchCommands } from './commands/batch.ts'
import { addDepartmentCommands } from './commands/departments.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addHookCommands } from './commands/hooks.ts'
import { addGraphCommands, addKeyCommands, addNodeCommands } from './commands/lists.ts'
import { addImageCommands } from './commands/images.ts'
import { addLoginCommands } from './commands/login.ts'
import { addMemberCommands } from './commands/members.ts'
import { addMailCommands } from './commands/mails.ts'
import { addModelCommands } from './commands/models.ts'
import { addPresetCommands } from './commands/presets.ts'
import { addPriceCommands } from './commands/prices.ts'
import { addReviewCommands } from './commands/reviews.ts'
import { addRunCommand } from './commands/run.ts'
import { addRunCommands } from './commands/runs.ts'
import { addScheduleCommands } from './commands/schedules.ts'
import { addSecretCommands } from './commands/secrets.ts'
import { addSourceCommands } from './commands/sources.ts'
import { addTokenCommands } from './commands/tokens.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

const program = new Command('defect-studio')
  .description('Makes pictures of defects: runs graphs of a DefectStudio from the terminal.')
  .showHelpAfterError('Try --help.')
  .exitOverride()

addLoginCommands(program)
addRunCommand(program)
addGraphCommands(program)
addImageCommands(program)
addRunCommands(program)
addBatchCommands(program)
addHookCommands(program)
addReviewCommands(program)
addScheduleCommands(program)
addSourceCommands(program)
addNodeCommands(program)
addModelCommands(program)
addKeyCommands(program)
addSecretCommands(program)
addTokenCommands(program)
addPriceCommands(program)
addMailCommands(program)
addDemoCommand(program)
addMemberCommands(program)
addDepartmentCommands(program)
addAuditCommands(program)
addPresetCommands(program)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  // Commander has printed its own message and help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`)
    for (const detail of error.details) process.stderr.write(`  - ${detail}\n`)
    return error.exitCode
  }
  if (error instanceof Error && error.name === 'ExitPromptError') return exitCodes.cancelled
  process.stderr.write(
    `Something went wrong that should not: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return exitCodes.runFailed
}
