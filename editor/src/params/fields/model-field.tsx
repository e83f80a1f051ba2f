/** A model of the kind that the node needs, with what people should know about the starter model. */
import { Alert, Select, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useModels } from '../../api/queries.ts'
import type { FieldProps } from '../field-props.ts'

export function ModelField({ meta, value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  const { data } = useModels()
  const models = data?.items.filter((model) => model.kind === meta.modelKind) ?? []
  const current = typeof value === 'string' ? value : ''
  const options = models.map((model) => ({
    value: model.id,
    label: model.servers.length > 0 ? model.title : t('form.modelOffline', { name: model.title }),
  }))
  if (!options.some((option) => option.value === current)) options.push({ value: current, label: current })
  const chosen = models.find((model) => model.id === current)
  const isStarter = current.startsWith('starter')
  return (
    <>
      <Select
        label={label}
        description={help}
        error={error}
        data={options}
        value={current}
        allowDeselect={false}
        onChange={(next) => {
          if (next !== null) onChange(next)
        }}
      />
      {isStarter ? (
        <Alert color="blue" p="xs" mt={6}>
          <Text size="xs">
            {t(meta.modelKind === 'matting' ? 'form.starterMatting' : 'form.starterModel')}
          </Text>
        </Alert>
      ) : (
        chosen?.note && (
          <Text size="xs" c="dimmed" mt={4}>
            {chosen.note}
          </Text>
        )
      )}
    </>
  )
}
