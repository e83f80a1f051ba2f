/** Who works here: people who wait, members, departments. For administrators. */
import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMember } from '../api/session.ts'
import { DepartmentList } from '../people/department-list.tsx'
import { GuestList } from '../people/guest-list.tsx'
import { MemberList } from '../people/member-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { LostPage } from './lost-page.tsx'

export function MembersPage() {
  const { t } = useTranslation()
  const { role } = useMember()
  if (role !== 'super_admin' && role !== 'department_admin') return <LostPage />
  return (
    <PageFrame title={t('people.title')}>
      <Tabs defaultValue="guests" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="guests">{t('people.guests')}</Tabs.Tab>
          <Tabs.Tab value="members">{t('people.members')}</Tabs.Tab>
          {role === 'super_admin' && <Tabs.Tab value="departments">{t('people.departments')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="guests">
          <GuestList />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <MemberList />
        </Tabs.Panel>
        <Tabs.Panel value="departments">
          <DepartmentList />
        </Tabs.Panel>
      </Tabs>
    </PageFrame>
  )
}
