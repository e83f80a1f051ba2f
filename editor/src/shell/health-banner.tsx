/** Says at once when a part of the studio is down or the connection is lost. */
import { Alert, Anchor } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useHealth } from '../api/queries.ts'
import classes from './shell.module.css'

export function HealthBanner() {
  const { t } = useTranslation()
  const { data, isError } = useHealth()
  if (isError)
    return (
      <Alert
        className={classes['banner'] ?? ''}
        color="red"
        radius={0}
        icon={<IconPlugConnectedX />}
        role="alert"
        data-banner="lost"
      >
        {t('banner.lost')}
      </Alert>
    )
  const down = data?.down ?? []
  if (down.length === 0) return null
  return (
    <Alert
      className={classes['banner'] ?? ''}
      color="yellow"
      radius={0}
      icon={<IconAlertTriangle />}
      role="alert"
      data-banner="down"
    >
      {t('banner.down', {
        names: down.map((name) => t(`servers.parts.${name}`, { defaultValue: name })).join(', '),
      })}{' '}
      <Anchor component={Link} to="/servers" inherit underline="always" c="inherit">
        {t('banner.look')}
      </Anchor>
    </Alert>
  )
}
