/** What is wrong with an expression, and where in its text. */
export class ExpressionError extends Error {
  /** 0-based place in the source. */
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.name = 'ExpressionError'
    this.at = at
  }
}
