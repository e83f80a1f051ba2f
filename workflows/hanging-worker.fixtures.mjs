/** A GPU worker that takes an activity, says so, and never ends it: a test kills this process. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'

const [address, namespace, taskQueue] = process.argv.slice(2)
Runtime.install({ logger: new DefaultLogger('ERROR') })
const connection = await NativeConnection.connect({ address })
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  activities: {
    async runCalls() {
      process.stdout.write('begun\n')
      await new Promise(() => {})
    },
  },
})
await worker.run()
