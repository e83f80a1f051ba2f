/** A toast for what failed when there is no better place to say it. */
import { notifications } from '@mantine/notifications'
import { ApiError } from '../api/client.ts'

export function showError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const remedy = error instanceof ApiError ? error.remedy : ''
  notifications.show({ color: 'red', message: `${message} ${remedy}`.trim(), autoClose: 8000 })
}
