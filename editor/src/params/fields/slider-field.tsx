/** A number in a range: a slider for the hand, a box for an exact value. */
import { Group, Input, NumberInput, Slider } from '@mantine/core'
import type { FieldProps } from '../field-props.ts'
import { paramSchema } from '../field-kind.ts'

export function SliderField({ definition, field, meta, value, label, help, error, onChange }: FieldProps) {
  const { minimum = 0, maximum = 1, type } = paramSchema(definition, field)
  const step = meta.step ?? (type === 'integer' ? 1 : 0.01)
  const shown = typeof value === 'number' ? value : minimum
  return (
    <Input.Wrapper label={label} description={help} error={error} labelElement="div">
      <Group gap="sm" wrap="nowrap" mt={4}>
        <Slider
          flex={1}
          min={minimum}
          max={maximum}
          step={step}
          value={shown}
          onChange={(next) => onChange(next, true)}
          label={null}
          thumbLabel={label}
        />
        <NumberInput
          w={76}
          size="xs"
          aria-label={label}
          value={shown}
          min={minimum}
          max={maximum}
          step={step}
          clampBehavior="none"
          allowDecimal={type !== 'integer'}
          onChange={(next) => {
            if (typeof next === 'number') onChange(next, true)
          }}
        />
      </Group>
    </Input.Wrapper>
  )
}
