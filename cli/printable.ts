/** Text from the studio as a terminal may show it: names are other people's, and a terminal obeys what it is sent. */

/** Takes out control characters, such as those that move the cursor, and those that turn the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
