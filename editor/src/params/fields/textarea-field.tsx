/** A long text, such as a prompt. */
import { Textarea } from '@mantine/core'
import type { FieldProps } from '../field-props.ts'

export const TextareaField = ({ value, label, help, error, onChange }: FieldProps) => (
  <Textarea
    label={label}
    description={help}
    error={error}
    autosize
    minRows={2}
    maxRows={10}
    value={typeof value === 'string' ? value : ''}
    onChange={(event) => onChange(event.currentTarget.value, true)}
  />
)
