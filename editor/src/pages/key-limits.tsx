/** What a new API key may be used for, and until when. */
import { Group, MultiSelect, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const scopes = {
  'runs:write': 'settings.scopes.runsWrite',
  'runs:read': 'settings.scopes.runsRead',
  'graphs:write': 'settings.scopes.graphsWrite',
  'graphs:read': 'settings.scopes.graphsRead',
  artifacts: 'settings.scopes.artifacts',
  'tokens:read': 'settings.scopes.tokensRead',
} as const
type Scope = keyof typeof scopes
const allScopes = Object.keys(scopes).filter((scope): scope is Scope => scope in scopes)

const days = { '0': 'never', '7': 'week', '30': 'month', '90': 'quarter', '365': 'year' } as const
type Days = keyof typeof days

export interface Limits {
  scopes: Scope[]
  days: Days
}

export const noLimits: Limits = { scopes: [], days: '0' }

/** As the API takes them. */
export const limitsBody = (limits: Limits) => ({
  scopes: limits.scopes,
  expiresAt:
    limits.days === '0' ? null : new Date(Date.now() + Number(limits.days) * 24 * 60 * 60_000).toISOString(),
})

export function KeyLimits({ value, onChange }: { value: Limits; onChange: (limits: Limits) => void }) {
  const { t } = useTranslation()
  return (
    <Group align="flex-end" gap="xs">
      <MultiSelect
        label={t('settings.scopes.label')}
        placeholder={value.scopes.length === 0 ? t('settings.scopes.everything') : ''}
        data={Object.entries(scopes).map(([scope, key]) => ({ value: scope, label: t(key) }))}
        value={value.scopes}
        onChange={(chosen) =>
          onChange({ ...value, scopes: allScopes.filter((scope) => chosen.includes(scope)) })
        }
        w={280}
      />
      <Select
        label={t('settings.expiry.label')}
        data={Object.entries(days).map(([count, key]) => ({
          value: count,
          label: t(`settings.expiry.${key}`),
        }))}
        value={value.days}
        onChange={(chosen) => {
          const found = Object.keys(days).find((count): count is Days => count === chosen)
          if (found) onChange({ ...value, days: found })
        }}
        allowDeselect={false}
        w={160}
      />
    </Group>
  )
}

/** In a list: what a key may do, in words. */
export function useScopeWords(): (scopes: readonly string[]) => string {
  const { t } = useTranslation()
  return (given) => {
    if (given.length === 0 || given.includes('everything')) return t('settings.scopes.everything')
    const words = Object.entries(scopes).flatMap(([scope, key]) => (given.includes(scope) ? [t(key)] : []))
    return words.join(', ')
  }
}
