/** One of a few: the values of an enum, in words. */
import { Select } from '@mantine/core'
import { useNodeText } from '../../i18n/node-text.ts'
import { paramSchema } from '../field-kind.ts'
import type { FieldProps } from '../field-props.ts'

export function SelectField({ node, definition, field, value, label, help, error, onChange }: FieldProps) {
  const text = useNodeText()
  const options = paramSchema(definition, field).enum ?? []
  return (
    <Select
      label={label}
      description={help}
      error={error}
      data={options.map((option) => ({ value: option, label: text.option(node.type, field, option) }))}
      value={typeof value === 'string' ? value : null}
      allowDeselect={false}
      onChange={(next) => {
        if (next !== null) onChange(next)
      }}
    />
  )
}
