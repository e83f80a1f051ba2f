/** What a picture file says of how it was made, as the API shows it. */
import { MadePicture } from '@defect-studio/nodes'
import { z } from 'zod'
import { GraphShape } from './graph.ts'

export const PictureMetadata = z
  .object({
    made: MadePicture.meta({ id: 'MadePicture' })
      .nullable()
      .meta({ description: 'What the studio wrote into the file; null in files of other tools.' }),
    parameters: z
      .string()
      .nullable()
      .meta({ description: 'The text that tools in the manner of A1111 write and read.' }),
    graph: GraphShape.nullable().meta({ description: 'Makes the picture again; open it as a graph.' }),
    graphFrom: z
      .enum(['graph', 'made', 'parameters'])
      .nullable()
      .meta({ description: 'Whether the file has the graph whole, or it was built from the other two.' }),
    notes: z.array(z.string()).meta({ description: 'What could not be read or has no counterpart here.' }),
  })
  .meta({ id: 'PictureMetadata' })
