/** Who may read a preset. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Preset } from '../api/types.ts'

export type Visibility = Preset['visibility']

const choices = ['private', 'department', 'everyone'] as const

interface VisibilitySelectProps {
  value: Visibility
  onChange: (value: Visibility) => void
}

export function VisibilitySelect({ value, onChange }: VisibilitySelectProps) {
  const { t } = useTranslation()
  return (
    <Select
      label={t('presets.visibility')}
      data={choices.map((each) => ({ value: each, label: t(`presets.visibilities.${each}`) }))}
      value={value}
      onChange={(chosen) => onChange(choices.find((each) => each === chosen) ?? 'private')}
      allowDeselect={false}
    />
  )
}
