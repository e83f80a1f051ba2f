/** Why the bytes of a picture are refused, in words for the person who chose the file. */

export type ImageProblemCode =
  'not-an-image' | 'unsupported-type' | 'too-many-bytes' | 'too-many-pixels' | 'truncated'

/** Thrown for a file that cannot be used; trying again with the same file never helps. */
export class ImageProblem extends Error {
  readonly code: ImageProblemCode
  constructor(code: ImageProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImageProblem'
    this.code = code
  }
}
