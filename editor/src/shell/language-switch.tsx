/** English or Korean. */
import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { languages, setLanguage } from '../i18n/language.ts'

export function LanguageSwitch({ size = 'xs' }: { size?: 'xs' | 'sm' }) {
  const { t, i18n } = useTranslation()
  return (
    <SegmentedControl
      size={size}
      aria-label={t('settings.language')}
      value={i18n.language}
      data={languages.map(({ code, name }) => ({ value: code, label: name }))}
      onChange={(value) => {
        const language = languages.find(({ code }) => code === value)
        if (language) setLanguage(language.code)
      }}
    />
  )
}
