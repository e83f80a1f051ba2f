/** A picture as a param keeps it, read leniently: the value may come from an imported graph. */
import { NamedCollection, NamedImage } from '@defect-studio/nodes'

export const NamedPicture = NamedImage
export const NamedFolder = NamedCollection
