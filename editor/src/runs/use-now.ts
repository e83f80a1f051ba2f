/** The time, again every second, for what is counted down. */
import { useEffect, useState } from 'react'

/** @returns milliseconds since 1970; stands still while not `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}
