/** Yes or no. */
import { Switch } from '@mantine/core'
import type { FieldProps } from '../field-props.ts'

export const SwitchField = ({ value, label, help, error, onChange }: FieldProps) => (
  <Switch
    label={label}
    description={help}
    error={error}
    checked={value === true}
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
)
