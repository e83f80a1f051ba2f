/** Name, nickname and the language of mails. */
import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeProfile, type Profile } from '../api/profile-queries.ts'
import { languages } from '../i18n/language.ts'
import { Refused } from '../shell/async-list.tsx'

export function ProfileForm({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const [name, setName] = useState(profile.name)
  const [nickname, setNickname] = useState(profile.nickname)
  const [language, setLanguage] = useState(profile.language)
  const change = useChangeProfile()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ name, nickname, language })
      }}
    >
      <Stack maw={420}>
        {change.error && <Refused error={change.error} />}
        <TextInput
          label={t('firstVisit.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('accounts.nickname')}
          value={nickname}
          onChange={(event) => setNickname(event.currentTarget.value)}
        />
        <Select
          label={t('accounts.mailLanguage')}
          data={languages.map((one) => ({ value: one.code, label: one.name }))}
          value={language}
          allowDeselect={false}
          onChange={(value) => setLanguage(value === 'ko' ? 'ko' : 'en')}
        />
        <Group>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={name.trim() === '' || nickname.trim() === ''}
          >
            {t('accounts.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
