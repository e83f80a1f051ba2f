/** Reads names that people typed with commas, semicolons or lines between them. */
export function readNames(text: string): string[] {
  const names = text
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return [...new Set(names)]
}
