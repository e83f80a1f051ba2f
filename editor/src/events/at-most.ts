/** Does something at once, then at most once in a while, and always once more after the last call. */
export function atMost(milliseconds: number, work: () => void): { call(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  const call = (): void => {
    if (timer !== undefined) {
      again = true
      return
    }
    again = false
    timer = setTimeout(() => {
      timer = undefined
      if (again) call()
    }, milliseconds)
    work()
  }
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
    again = false
  }
  return { call, stop }
}
