/** Tells another system that a run has come this far. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { WebhookUrl } from '../webhook-url.ts'
import { StudioError } from '../failures.ts'
import { runsOnWholes } from '../whole-node.ts'

export const callWebhook = defineNode({
  type: 'call-webhook',
  version: 1,
  title: 'Call webhook',
  description: 'Sends a signed request once when everything that comes in is there, and passes it on.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: { image: { type: 'image' } },
  outputs: { image: { type: 'image', sometimes: true } },
  params: z.object({
    url: WebhookUrl.nullable().default(null).meta({
      title: 'Address',
      required: true,
      help: 'An https address. Addresses inside this network are refused unless an administrator allows them.',
    }),
    secretName: z.string().trim().max(64).default('').meta({
      title: 'Secret',
      help: 'The name of a webhook secret of the department. Empty: the request is not signed.',
    }),
    message: z.string().max(2000).default('').meta({
      title: 'Message',
      widget: 'textarea',
      help: 'Sent along as it is.',
    }),
  }),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, params, activities }) {
    if (params.url === null) throw new StudioError('invalid-graph', 'No address is given.')
    await activities.callWebhook({
      url: params.url,
      secretName: params.secretName === '' ? null : params.secretName,
      body: { count: inputs.image?.count ?? 0, message: params.message },
    })
    return { image: inputs.image ?? null }
  },
})
