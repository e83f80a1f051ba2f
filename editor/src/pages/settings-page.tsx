/** Language, theme, and the keys by which programs and GPU hosts come in. */
import { Button, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMails } from '../api/mail-queries.ts'
import { useMember } from '../api/session.ts'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { SecretKeys } from './secret-keys.tsx'
import { WebhookSecrets } from './webhook-secrets.tsx'

const schemes = ['light', 'dark', 'auto'] as const

export function SettingsPage() {
  const { t } = useTranslation()
  const member = useMember()
  const mails = useMails().data
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <PageFrame title={t('shell.pages.settings')} size="md">
      <Stack gap={36}>
        <Section title={t('settings.language')}>
          <LanguageSwitch size="sm" />
        </Section>
        <Section title={t('settings.theme')}>
          <SegmentedControl
            aria-label={t('settings.theme')}
            value={colorScheme}
            data={schemes.map((scheme) => ({ value: scheme, label: t(`theme.${scheme}`) }))}
            onChange={(value) => {
              const scheme = schemes.find((each) => each === value)
              if (scheme) setColorScheme(scheme)
            }}
          />
        </Section>
        <Section title={t('settings.apiKeys')} text={t('settings.apiKeysText')}>
          <SecretKeys kind="apiKey" />
        </Section>
        {(member.role === 'super_admin' || member.role === 'department_admin') && (
          <Section title={t('reviews.secrets')} text={t('reviews.secretsText')}>
            <WebhookSecrets />
          </Section>
        )}
        {member.role === 'super_admin' && (
          <Section title={t('settings.workerTokens')} text={t('settings.workerTokensText')}>
            <SecretKeys kind="workerToken" />
          </Section>
        )}
        {member.role === 'super_admin' && (
          <Section title={t('outgoingMails.title')} text={t('outgoingMails.text')}>
            <Button component={Link} to="/settings/outgoing-mails" variant="default">
              {t('outgoingMails.open')}
            </Button>
          </Section>
        )}
        {mails && (
          <Section title={t('mails.title')} text={t('mails.text')}>
            <Button component={Link} to="/settings/mails" variant="default">
              {t('mails.open', { count: mails.items.length })}
            </Button>
          </Section>
        )}
      </Stack>
    </PageFrame>
  )
}

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section>
      <Title order={2} mb={4}>
        {title}
      </Title>
      {text && (
        <Text size="sm" c="dimmed" mb="sm">
          {text}
        </Text>
      )}
      {children}
    </section>
  )
}
