/** Departments: created, renamed, archived. */
import { Button, Group, Stack, Table, TextInput } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  useChangeDepartment,
  useCreateDepartment,
  useDepartments,
  type Department,
} from '../api/people-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty, Refused } from '../shell/async-list.tsx'

export function DepartmentList() {
  const { t } = useTranslation()
  const answer = useDepartments()
  const departments = answer.data?.items ?? []
  const [name, setName] = useState('')
  const create = useCreateDepartment()
  const change = useChangeDepartment()
  const error = create.error ?? change.error
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(name, { onSuccess: () => setName('') })
        }}
      >
        <Group align="end">
          <TextInput
            label={t('people.newDepartment')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            {t('people.create')}
          </Button>
        </Group>
      </form>
      {error && <Refused error={error} />}
      <AsyncList
        answer={answer}
        isEmpty={departments.length === 0}
        empty={<Empty icon={<IconBuilding size={32} />} title={t('people.noDepartments')} text="" />}
      >
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.department')}</Table.Th>
                <Table.Th ta="right">{t('people.members')}</Table.Th>
                <Table.Th ta="right">{t('people.tokensToGive')}</Table.Th>
                <Table.Th>{t('people.admins')}</Table.Th>
                <Table.Th>{t('common.actions')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {departments.map((department) => (
                <DepartmentRow
                  key={`${department.id} ${department.name}`}
                  department={department}
                  isBusy={change.isPending}
                  rename={(to) => change.mutate({ id: department.id, name: to })}
                  archive={() => change.mutate({ id: department.id, archive: true })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </AsyncList>
    </Stack>
  )
}

interface DepartmentRowProps {
  department: Department
  isBusy: boolean
  rename: (name: string) => void
  archive: () => void
}

function DepartmentRow({ department, isBusy, rename, archive }: DepartmentRowProps) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const [name, setName] = useState(department.name)
  return (
    <Table.Tr>
      <Table.Td>
        <TextInput
          aria-label={t('people.nameOf', { name: department.name })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Table.Td>
      <Table.Td ta="right">{number(department.members)}</Table.Td>
      <Table.Td ta="right">{number(department.tokens)}</Table.Td>
      <Table.Td>{department.admins.map((admin) => admin.name).join(', ')}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            disabled={isBusy || name.trim() === '' || name === department.name}
            onClick={() => rename(name)}
          >
            {t('people.rename')}
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" disabled={isBusy} onClick={archive}>
            {t('people.archive')}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
