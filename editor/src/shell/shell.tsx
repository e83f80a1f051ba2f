/** The frame around every page: navigation, tokens, who is signed in, and the banner when something is down. */
import { AppShell, Group, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useMatch } from 'react-router'
import { useMember } from '../api/session.ts'
import { shareStream } from '../events/share-stream.ts'
import { AccountMenu } from './account-menu.tsx'
import { HealthBanner } from './health-banner.tsx'
import { NavLinks } from './nav-links.tsx'
import classes from './shell.module.css'
import { TokenChip } from './token-chip.tsx'

export function Shell() {
  const { t } = useTranslation()
  const { id: memberId } = useMember()
  useEffect(() => shareStream(memberId), [memberId])
  // The canvas needs the width: there the names of the pages are in tooltips.
  const narrow = useMatch('/graphs/:id') !== null
  return (
    <AppShell navbar={{ width: narrow ? 64 : 216, breakpoint: 0 }} padding={0} layout="alt">
      <a className={classes['skip']} href="#main">
        {t('shell.skip')}
      </a>
      <AppShell.Navbar
        p={narrow ? 'xs' : 'sm'}
        className={classes['navbar'] ?? ''}
        aria-label={t('shell.navigation')}
      >
        <Stack justify="space-between" h="100%" gap="md">
          <Stack gap="lg">
            <Link to="/graphs" className={classes['brand']} aria-label="DefectStudio">
              <Group
                gap={10}
                justify={narrow ? 'center' : 'flex-start'}
                wrap="nowrap"
                px={narrow ? 0 : 6}
                pt={6}
              >
                <img src="/icon.svg" width={30} height={30} alt="" />
                {!narrow && (
                  <Text fw={700} size="lg" lh={1}>
                    DefectStudio
                  </Text>
                )}
              </Group>
            </Link>
            <NavLinks narrow={narrow} />
          </Stack>
          <Stack gap="xs">
            <TokenChip narrow={narrow} />
            <AccountMenu narrow={narrow} />
          </Stack>
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="main" className={classes['main'] ?? ''}>
        <HealthBanner />
        {/* What scrolls must be reached by keyboard. */}
        <div className={classes['page']} tabIndex={0}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}
