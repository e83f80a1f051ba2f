/** The links to the pages, with names or, beside the canvas, as icons with a tooltip. */
import { Badge, Stack, Tooltip, VisuallyHidden } from '@mantine/core'
import {
  IconAdjustments,
  IconBox,
  IconCalendarTime,
  IconChartBar,
  IconChecklist,
  IconCoin,
  IconHistory,
  IconListSearch,
  IconPhoto,
  IconServer,
  IconSettings,
  IconTopologyStar3,
  IconUsers,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { useMember } from '../api/session.ts'
import { useWaitingReviews } from '../api/review-queries.ts'
import classes from './shell.module.css'

const links = [
  { to: '/graphs', name: 'graphs', Icon: IconTopologyStar3 },
  { to: '/gallery', name: 'gallery', Icon: IconPhoto },
  { to: '/runs', name: 'runs', Icon: IconHistory },
  { to: '/reviews', name: 'reviews', Icon: IconChecklist },
  { to: '/schedules', name: 'schedules', Icon: IconCalendarTime },
  { to: '/presets', name: 'presets', Icon: IconAdjustments },
  { to: '/tokens', name: 'tokens', Icon: IconCoin },
  { to: '/statistics', name: 'statistics', Icon: IconChartBar },
  { to: '/models', name: 'models', Icon: IconBox },
  { to: '/servers', name: 'servers', Icon: IconServer },
  { to: '/members', name: 'members', Icon: IconUsers, forAdmins: true },
  { to: '/audit', name: 'audit', Icon: IconListSearch, forAdmins: true },
  { to: '/settings', name: 'settings', Icon: IconSettings },
] as const

export function NavLinks({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation()
  const { role } = useMember()
  const isAdmin = role === 'super_admin' || role === 'department_admin'
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {links
        .filter((link) => isAdmin || !('forAdmins' in link))
        .map(({ to, name, Icon }) => (
          <li key={to}>
            <Tooltip label={t(`shell.pages.${name}`)} position="right" disabled={!narrow}>
              <NavLink to={to} className={`${classes['link']} ${narrow ? classes['narrow'] : ''}`}>
                {({ isActive }) => (
                  <>
                    <NavItem active={isActive} narrow={narrow} name={t(`shell.pages.${name}`)} Icon={Icon} />
                    {name === 'reviews' && <WaitingReviews />}
                  </>
                )}
              </NavLink>
            </Tooltip>
          </li>
        ))}
    </Stack>
  )
}

/** How many reviews wait for the member; nothing when none does. */
function WaitingReviews() {
  const { t } = useTranslation()
  const count = useWaitingReviews().data ?? 0
  if (count === 0) return null
  return (
    <Badge size="sm" circle={count < 10} aria-label={t('reviews.waitingCount', { count })} role="status">
      {count}
    </Badge>
  )
}

interface NavItemProps {
  active: boolean
  narrow: boolean
  name: string
  Icon: typeof IconCoin
}

const NavItem = ({ active, narrow, name, Icon }: NavItemProps) => (
  <>
    <Icon size={20} stroke={active ? 2 : 1.6} aria-hidden />
    {narrow ? <VisuallyHidden>{name}</VisuallyHidden> : name}
  </>
)
