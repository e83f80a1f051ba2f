/** Says which params of a preset do not fit its tool any more, and why. */
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Preset } from '../api/types.ts'

export function LeftOutParams({ preset }: { preset: Preset }) {
  const { t } = useTranslation()
  if (preset.leftOut.length === 0) return null
  return (
    <>
      <Text size="xs" c="orange" mt={4}>
        {t('presets.leftOut', { version: preset.toolVersion })}
      </Text>
      {preset.leftOut.map(({ field, message }) => (
        <Text key={field} size="xs" c="orange">
          {field}: {message}
        </Text>
      ))}
    </>
  )
}
