/** A server folder or a bucket, out of those that are open to whoever looks. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSources } from '../../api/source-query.ts'
import type { FieldProps } from '../field-props.ts'

export function SourceField({ meta, value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  const { data, error: failed } = useSources()
  const open = (meta.widget === 'source-bucket' ? data?.buckets : data?.folders) ?? []
  const names = open.map(({ name }) => name)
  const current = typeof value === 'string' ? value : null
  // What a graph names stays to be seen, also where it is not open.
  const options = current === null || names.includes(current) ? names : [...names, current]
  return (
    <Select
      label={label}
      description={help}
      error={failed?.message ?? error}
      data={options}
      value={current}
      placeholder={data && names.length === 0 ? t('sources.none') : ''}
      onChange={(next) => onChange(next)}
    />
  )
}
