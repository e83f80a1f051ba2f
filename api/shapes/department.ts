/** A department as the API shows it to administrators. */
import { z } from 'zod'
import { Role } from '../auth/permissions.ts'
import { PersonName } from './person.ts'

/** As people's names: text on one line, nothing that is not seen. */
export const DepartmentName = PersonName

export const Department = z
  .object({
    id: z.uuid(),
    name: z.string(),
    createdAt: z.iso.datetime(),
    archivedAt: z.iso.datetime().nullable(),
    members: z.int().meta({ description: 'Active ones.' }),
    guests: z.int().meta({ description: 'People who wait to be approved.' }),
    admins: z.array(z.object({ id: z.uuid(), loginId: z.string(), name: z.string(), role: Role })),
    tokens: z
      .number()
      .meta({ description: 'Not yet given to members; those that members share among them.' }),
  })
  .meta({ id: 'Department' })
export type Department = z.infer<typeof Department>
