/** Follows a topic as long as a component is shown. */
import { useEffect, useRef } from 'react'
import { followTopic, type Follower } from './follow-topic.ts'

/** @param topic null follows nothing. */
export function useTopic(topic: string | null, follower: Follower): void {
  const latest = useRef(follower)
  useEffect(() => {
    latest.current = follower
  })
  useEffect(() => {
    if (topic === null) return
    return followTopic(topic, {
      fresh: () => latest.current.fresh(),
      heard: (message) => latest.current.heard?.(message),
    })
  }, [topic])
}
