/** A short text. */
import { TextInput } from '@mantine/core'
import type { FieldProps } from '../field-props.ts'

export const TextField = ({ value, label, help, error, onChange }: FieldProps) => (
  <TextInput
    label={label}
    description={help}
    error={error}
    value={typeof value === 'string' ? value : ''}
    onChange={(event) => onChange(event.currentTarget.value, true)}
  />
)
