/** What a downloaded picture is called: the name it had when it came in, as PNG. */
export function pngName(name: string, isMask: boolean): string {
  const stem = name.replace(/\.[A-Za-z0-9]{2,5}$/, '')
  return `${stem}${isMask ? '-mask' : ''}.png`
}
