/** One's own account. */
import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PasswordForm } from '../accounts/password-form.tsx'
import { ProfileForm } from '../accounts/profile-form.tsx'
import { SessionList } from '../accounts/session-list.tsx'
import { useProfile } from '../api/profile-queries.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function ProfilePage() {
  const { t } = useTranslation()
  const answer = useProfile()
  const profile = answer.data
  return (
    <PageFrame title={t('accounts.profile')} size="md">
      <AsyncList answer={answer} isEmpty={!profile} empty={null}>
        {profile && (
          <Stack gap="xl">
            <Text c="dimmed">
              {profile.loginId} · {profile.email} · {profile.departmentName} · {t(`roles.${profile.role}`)}
            </Text>
            <ProfileForm profile={profile} />
            {profile.hasPassword && (
              <section aria-label={t('signIn.password')}>
                <Title order={2} size="h3" mb="sm">
                  {t('signIn.password')}
                </Title>
                <PasswordForm />
              </section>
            )}
            <section aria-label={t('accounts.sessions')}>
              <Title order={2} size="h3" mb="sm">
                {t('accounts.sessions')}
              </Title>
              <SessionList />
            </section>
          </Stack>
        )}
      </AsyncList>
    </PageFrame>
  )
}
