/** A seed: a number that repeats a picture, a dice for another one, empty for a new one each run. */
import { ActionIcon, Group, NumberInput, Tooltip } from '@mantine/core'
import { IconDice5, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { FieldProps } from '../field-props.ts'

export function SeedField({ value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  return (
    <Group gap={6} align="flex-end" wrap="nowrap">
      <NumberInput
        flex={1}
        label={label}
        description={help}
        error={error}
        placeholder={t('form.newSeed')}
        value={typeof value === 'number' ? value : ''}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        onChange={(next) => onChange(typeof next === 'number' ? next : null, true)}
      />
      <Tooltip label={t('form.rollSeed')}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('form.rollSeed')}
          onClick={() => onChange(rollSeed())}
        >
          <IconDice5 size={20} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('form.clearSeed')}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t('form.clearSeed')}
          disabled={value === null}
          onClick={() => onChange(null)}
        >
          <IconX size={18} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

/** A whole number in 0 … 2^32 - 1 from the browser's good randomness. */
const rollSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
