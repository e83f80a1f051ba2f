/** Whether a run could start now, and if not, what is missing. */
import { defineRoute } from '../define-route.ts'
import { readHealth } from '../health/read-health.ts'
import { Health } from '../shapes/health.ts'

export const health = defineRoute({
  operationId: 'readHealth',
  method: 'get',
  path: '/health',
  tag: 'health',
  summary: 'The state of every component; 200 when a run could start, else 503',
  auth: 'public',
  response: Health,
  otherwise: { 503: { description: 'Something is missing', response: Health } },
  async handler({ studio, response }) {
    const report = await readHealth(studio)
    response.status(report.status === 'ready' ? 200 : 503).set('Cache-Control', 'no-store')
    return report
  },
})
