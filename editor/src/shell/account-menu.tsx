/** Who is signed in, and the way out; language and theme are here too, one click away. */
import { Avatar, Group, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconLanguage, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMember } from '../api/session.ts'
import { signOut } from '../api/start-session.ts'
import { languages, setLanguage } from '../i18n/language.ts'

export function AccountMenu({ narrow }: { narrow: boolean }) {
  const { t, i18n } = useTranslation()
  const member = useMember()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const other = languages.find((language) => language.code !== i18n.language) ?? languages[0]
  return (
    <Menu position="right-end" withinPortal width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.account', { name: member.nickname })} p={4}>
          <Group gap="xs" wrap="nowrap" justify={narrow ? 'center' : 'flex-start'}>
            <Avatar size={30} radius="xl" name={member.nickname} color="indigo" alt="" />
            {!narrow && (
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} truncate>
                  {member.nickname}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {t(`roles.${member.role}`)}
                </Text>
              </div>
            )}
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {member.name} · {member.departmentName}
        </Menu.Label>
        <Menu.Item component={Link} to="/profile" leftSection={<IconUser size={16} />}>
          {t('accounts.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLanguage size={16} />} onClick={() => setLanguage(other.code)}>
          {other.name}
        </Menu.Item>
        <Menu.Item
          leftSection={colorScheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark')}
        >
          {colorScheme === 'dark' ? t('theme.light') : t('theme.dark')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
