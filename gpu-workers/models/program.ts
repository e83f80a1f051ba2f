/** The program that installs, lists and removes models: one JSON request as its argument, one JSON event a line as its answer. */
import { createInterface } from 'node:readline'
import { InstallError, InstallerRequest, type InstallEvent, StudioError } from '@defect-studio/nodes'
import { hubAccess } from './hub/hub-client.ts'
import { installModel } from './install-model.ts'
import type { InstallWorld } from './install-world.ts'
import { listModels } from './list-models.ts'
import { modelsFolder } from './models-folder.ts'
import { removeModel } from './remove-model.ts'

/** Steps of the same kind are said at most so often: a reader draws them. */
const EVERY_MS = 100

const modelsDir = modelsFolder(process.env)
const stop = new AbortController()
let isDiscarded = false

let answerLicence: (isAccepted: boolean) => void = () => {}
const licence = new Promise<boolean>((resolve) => (answerLicence = resolve))

function cancel(): void {
  stop.abort(new InstallError('cancelled', 'The installation was stopped.'))
  answerLicence(false)
}

/** What the other end says: `accept` or `decline` the licence, or `discard` all that has come; its end is ours. */
const orders = createInterface({ input: process.stdin })
orders.on('line', (line) => {
  const word = line.trim()
  if (word === 'accept' || word === 'decline') answerLicence(word === 'accept')
  if (word === 'discard') isDiscarded = true
  if (word === 'discard') cancel()
})
orders.on('close', cancel)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancel)

let said = { at: 0, about: '' }
function emit(event: InstallEvent): void {
  const about = event.type === 'step' ? `${event.step} ${event.what}` : event.type
  const isRepeated = event.type === 'step' && about === said.about && Date.now() - said.at < EVERY_MS
  const isLast = event.type === 'step' && event.total > 0 && event.done === event.total
  if (isRepeated && !isLast) return
  said = { at: Date.now(), about }
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

async function serve(request: InstallerRequest): Promise<InstallEvent> {
  switch (request.do) {
    case 'list': {
      const { models, problems } = await listModels(modelsDir)
      return { type: 'found', folder: modelsDir, models, problems }
    }
    case 'remove':
      await removeModel(modelsDir, request.id)
      return { type: 'removed', id: request.id }
    case 'install': {
      const world: InstallWorld = {
        modelsDir,
        hub: hubAccess(process.env),
        python: process.env['STUDIO_PYTHON'],
        signal: stop.signal,
        keepDownload: () => !isDiscarded,
        emit,
        acceptLicence: () => licence,
      }
      return { type: 'done', model: await installModel(request.order, world) }
    }
  }
}

function explain(error: unknown): InstallEvent {
  const cause: unknown = stop.signal.aborted ? stop.signal.reason : error
  if (cause instanceof InstallError) return { type: 'failed', code: cause.code, message: cause.message }
  if (cause instanceof StudioError) return { type: 'failed', code: 'unusable-model', message: cause.message }
  process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`)
  const message = cause instanceof Error ? cause.message : String(cause)
  return { type: 'failed', code: 'internal', message }
}

const request = InstallerRequest.parse(JSON.parse(process.argv[2] ?? 'null'))
const last = await serve(request).catch(explain)
// The last line has to be out before the process is: `exit` does not wait for a pipe.
process.stdout.write(`${JSON.stringify(last)}\n`, () => process.exit(last.type === 'failed' ? 1 : 0))
