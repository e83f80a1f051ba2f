/** A number; what lies outside its range is kept and reported, never changed behind the person's back. */
import { NumberInput } from '@mantine/core'
import type { FieldProps } from '../field-props.ts'
import { paramSchema } from '../field-kind.ts'

export function NumberField({ definition, field, meta, value, label, help, error, onChange }: FieldProps) {
  const schema = paramSchema(definition, field)
  return (
    <NumberInput
      label={label}
      description={help}
      error={error}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next, true)
      }}
      clampBehavior="none"
      step={meta.step ?? 1}
      allowDecimal={schema.type !== 'integer'}
      {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
      {...(schema.maximum === undefined ? {} : { max: schema.maximum })}
    />
  )
}
