/** Tells people by mail that a run has come this far. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { readNames } from '../read-names.ts'
import { runsOnWholes } from '../whole-node.ts'

export const notify = defineNode({
  type: 'notify',
  version: 1,
  title: 'Notify by mail',
  description: 'Sends a mail once when everything that comes in is there, and passes it on.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: { image: { type: 'image' } },
  outputs: { image: { type: 'image', sometimes: true } },
  params: z.object({
    to: z.string().max(1000).default('').meta({
      title: 'To',
      help: 'Login ids or mail addresses of members, with commas between them. Empty: whoever started the run.',
    }),
    subject: z.string().trim().min(1).max(200).default('{graph}: {count} pictures are ready').meta({
      title: 'Subject',
    }),
    text: z.string().max(5000).default('The run {run} of {graph} has made {count} pictures.').meta({
      title: 'Text',
      widget: 'textarea',
      help: '{count} is the number of pictures, {run} the run, {graph} the name of the graph.',
    }),
  }),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, params, activities }) {
    const collection = inputs.image
    await activities.notify({
      to: readNames(params.to),
      subject: params.subject,
      text: params.text,
      ...(collection ? { collection } : {}),
    })
    return { image: collection ?? null }
  },
})
