/** Says at once when a part of the studio is down or the connection is lost. */
import { Alert, Anchor } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useHealth } from '../api/queries.ts'

export function HealthBanner() {
  const { t } = useTranslation()
  const { data, isError } = useHealth()
  if (isError)
    return (
      <Alert color="red" radius={0} icon={<IconPlugConnectedX />} role="alert">
        {t('banner.lost')}
      </Alert>
    )
  const down = data?.components.filter((component) => !isUp(component.state)) ?? []
  if (down.length === 0) return null
  return (
    <Alert color="yellow" radius={0} icon={<IconAlertTriangle />} role="alert">
      {t('banner.down', {
        names: down
          .map(({ name }) => t(`servers.parts.${name.replaceAll(' ', '-')}`, { defaultValue: name }))
          .join(', '),
      })}{' '}
      <Anchor component={Link} to="/servers" inherit underline="always">
        {t('banner.look')}
      </Anchor>
    </Alert>
  )
}

/** The supervisor's word for a process at work. */
export const isUp = (state: string): boolean => state === 'up' || state === 'running' || state === 'ok'
