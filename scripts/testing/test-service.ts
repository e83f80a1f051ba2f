/** Asks the test run's host process for a server; the first to ask waits until it is up. */
import { inject } from 'vitest'

export async function testService(name: 'postgres' | 'temporal' | 's3'): Promise<string> {
  const response = await fetch(`${inject('testServicesUrl')}/${name}`)
  const answer = await response.text()
  if (!response.ok) throw new Error(`The test server "${name}" is not available: ${answer}`)
  return answer
}
