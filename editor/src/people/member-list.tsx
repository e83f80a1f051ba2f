/** Members: searched, given another role, shut out, let in again, deleted. */
import { Badge, Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  useChangeMember,
  useMemberDeed,
  useMembers,
  type GivenRole,
  type ManagedMember,
} from '../api/people-queries.ts'
import { useMember } from '../api/session.ts'
import { AsyncList, Empty, Refused } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'

const roles = ['department_member', 'department_admin', 'super_admin'] as const

export function MemberList() {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [search] = useDebouncedValue(words.trim(), 250)
  const answer = useMembers(search === '' ? {} : { search })
  const members = (answer.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    ({ state }) => state !== 'guest',
  )
  const deed = useMemberDeed()
  const change = useChangeMember()
  const error = deed.error ?? change.error
  return (
    <Stack>
      <TextInput
        aria-label={t('people.search')}
        placeholder={t('people.search')}
        leftSection={<IconSearch size={16} />}
        maw={360}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {error && <Refused error={error} />}
      <AsyncList
        answer={answer}
        isEmpty={members.length === 0}
        empty={<Empty icon={<IconUsers size={32} />} title={t('people.nobody')} text="" />}
      >
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.name')}</Table.Th>
                <Table.Th>{t('people.email')}</Table.Th>
                <Table.Th>{t('people.department')}</Table.Th>
                <Table.Th>{t('people.role')}</Table.Th>
                <Table.Th>{t('common.actions')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {members.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  isBusy={deed.isPending || change.isPending}
                  setRole={(role) => change.mutate({ id: member.id, role })}
                  act={(what) => deed.mutate({ id: member.id, deed: what })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <MoreButton list={answer} />
      </AsyncList>
    </Stack>
  )
}

interface MemberRowProps {
  member: ManagedMember
  isBusy: boolean
  setRole: (role: GivenRole) => void
  act: (deed: 'disable' | 'enable' | 'delete') => void
}

function MemberRow({ member, isBusy, setRole, act }: MemberRowProps) {
  const { t } = useTranslation()
  const { id, role } = useMember()
  const [asks, setAsks] = useState(false)
  const given = role === 'super_admin' ? roles : roles.filter((one) => one !== 'super_admin')
  const isSelf = member.id === id
  return (
    <Table.Tr>
      <Table.Td>
        {member.name} ({member.loginId}){' '}
        {member.state !== 'active' && (
          <Badge variant="light" color="gray">
            {t(`people.states.${member.state}`)}
          </Badge>
        )}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{member.email}</Table.Td>
      <Table.Td>{member.departmentName}</Table.Td>
      <Table.Td>
        {member.state === 'active' && !isSelf ? (
          <Select
            aria-label={t('people.roleOf', { name: member.loginId })}
            data={[...new Set([...given, member.role])].map((value) => ({
              value,
              label: t(`roles.${value}`),
            }))}
            value={member.role}
            allowDeselect={false}
            disabled={isBusy}
            onChange={(value) => {
              const chosen = roles.find((one) => one === value)
              if (chosen && chosen !== member.role) setRole(chosen)
            }}
          />
        ) : (
          <Text size="sm">{t(`roles.${member.role}`)}</Text>
        )}
      </Table.Td>
      <Table.Td>
        {!isSelf && member.state !== 'deleted' && (
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-sm"
              variant="default"
              disabled={isBusy}
              onClick={() => act(member.state === 'disabled' ? 'enable' : 'disable')}
            >
              {t(member.state === 'disabled' ? 'people.enable' : 'people.disable')}
            </Button>
            <Button
              size="compact-sm"
              variant={asks ? 'filled' : 'subtle'}
              color="red"
              disabled={isBusy}
              onBlur={() => setAsks(false)}
              onClick={() => (asks ? act('delete') : setAsks(true))}
            >
              {t(asks ? 'people.reallyDelete' : 'common.delete')}
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
