/** The audit log as the API shows it, and what it can be searched by. */
import { z } from 'zod'

export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actorId: z.uuid().nullable(),
    actorName: z
      .string()
      .meta({ description: 'The login id at that time; a worker by the name of its token.' }),
    actorRole: z.string().nullable(),
    by: z
      .string()
      .meta({ description: 'How they were known: `session`, `key`, `worker`, `program` or `nobody`.' }),
    keyId: z.uuid().nullable(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string().nullable(),
    action: z.string(),
    objectKind: z.string().nullable(),
    objectId: z.string().nullable(),
    objectName: z.string().nullable(),
    departmentId: z.uuid().nullable(),
    outcome: z
      .string()
      .meta({ description: '`done`, `refused`, or `failed` when something broke on the way.' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })

const text = z.string().trim().min(1).max(200)

export const AuditQuery = z.object({
  actor: text.optional().meta({ description: "A member's id, or a login id as it was at that time." }),
  action: text.optional().meta({ description: 'As `members.disable`; `members.` finds all that begin so.' }),
  objectKind: text.optional(),
  objectId: text.optional(),
  departmentId: z
    .uuid()
    .optional()
    .meta({ description: 'Administrators of a department see that alone anyway.' }),
  outcome: z.enum(['done', 'refused', 'failed']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'Not itself.' }),
  words: text.optional().meta({ description: 'In the action, the names, the ids or the address.' }),
})
