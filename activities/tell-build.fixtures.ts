/** A workflow for tests: says on which build it is, before and after it has waited. */
import { condition, defineSignal, defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow'

/** What the SDK calls itself is no build of ours. */
const build = () => workflowInfo().currentDeploymentVersion?.buildId.replace(/^@temporalio.*/, 'none')

export async function tellBuild(): Promise<(string | undefined)[]> {
  let mayGoOn = false
  setHandler(defineUpdate<string | undefined>('build'), build)
  setHandler(defineSignal('goOn'), () => void (mayGoOn = true))
  const before = build()
  await condition(() => mayGoOn)
  return [before, build()]
}
