/** The commands of prices: what steps cost, and changing it. */
import { type Command, InvalidArgumentError } from 'commander'
import { connectSignedIn, unwrap } from '../connection.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { printRows } from '../print-table.ts'

interface Changes {
  image?: number
  promptSuggestion?: number
  trainingBase?: number
  trainingPerImageEpoch?: number
  note?: string
}

export function addPriceCommands(program: Command): void {
  const prices = program.command('prices').description('what steps cost')
  prices
    .command('list', { isDefault: true })
    .description('the prices of now, and with --all those of before')
    .option('--all')
    .option('--json')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { client } = await connectSignedIn(process.env)
      const { current, history } = unwrap(await client.GET('/api/v1/prices'))
      const rows = (options.all ? [current, ...history] : [current]).map((list) => ({
        version: list.version,
        since: list.createdAt,
        image: list.prices.image,
        'prompt suggestion': list.prices.promptSuggestion,
        training: list.prices.trainingBase,
        'per image and epoch': list.prices.trainingPerImageEpoch,
        note: list.note,
      }))
      printRows(rows, { ...options, empty: 'No prices.' })
    })
  prices
    .command('set')
    .description('change prices, in whole tokens; what is not named stays (super administrators)')
    .option('--image <tokens>', 'for each picture', price)
    .option('--prompt-suggestion <tokens>', 'for each picture that prompts are suggested for', price)
    .option('--training-base <tokens>', 'for each training', price)
    .option('--training-per-image-epoch <tokens>', 'for each image of each epoch', price)
    .option('--note <text>')
    .action(async ({ note, ...changes }: Changes) => {
      if (Object.keys(changes).length === 0)
        throw new CommandError(exitCodes.usage, 'Name at least one price, as --image 2.')
      const { client } = await connectSignedIn(process.env)
      const { current } = unwrap(await client.GET('/api/v1/prices'))
      const body = {
        version: current.version,
        prices: { ...current.prices, ...changes },
        ...(note ? { note } : {}),
      }
      const { version } = unwrap(await client.PUT('/api/v1/prices', { body }))
      process.stdout.write(`Version ${version} of the prices holds for new runs.\n`)
    })
}

function price(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0 || value > 1_000_000)
    throw new InvalidArgumentError('A price is a whole number from 0 to 1000000.')
  return value
}
