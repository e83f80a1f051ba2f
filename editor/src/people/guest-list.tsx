/** People who wait to be let in: approved or rejected one by one, or many at once. */
import { Alert, Button, Checkbox, Group, Stack, Table } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDecideGuests, useMembers } from '../api/people-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty, Refused } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'

export function GuestList() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const answer = useMembers({ state: 'guest' })
  const guests = answer.data?.pages.flatMap(({ items }) => items) ?? []
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const decide = useDecideGuests()
  const ids = guests.flatMap(({ id }) => (chosen.has(id) ? [id] : []))
  const refused = decide.data?.items.filter(({ outcome }) => outcome === 'refused') ?? []
  const choose = (id: string, isChosen: boolean) =>
    setChosen((before) => new Set(isChosen ? [...before, id] : [...before].filter((one) => one !== id)))
  return (
    <Stack>
      {decide.error && <Refused error={decide.error} />}
      {refused.map(({ memberId, message }) => (
        <Alert key={memberId} color="red" title={t('common.refused')}>
          {guests.find(({ id }) => id === memberId)?.loginId} {message}
        </Alert>
      ))}
      <AsyncList
        answer={answer}
        isEmpty={guests.length === 0}
        empty={
          <Empty
            icon={<IconUserCheck size={32} />}
            title={t('people.noGuests')}
            text={t('people.guestsText')}
          />
        }
      >
        <Group>
          <Button
            disabled={ids.length === 0}
            loading={decide.isPending}
            onClick={() => decide.mutate({ ids, approve: true })}
          >
            {t('people.approve', { count: ids.length })}
          </Button>
          <Button
            color="red"
            variant="light"
            disabled={ids.length === 0}
            loading={decide.isPending}
            onClick={() => decide.mutate({ ids, approve: false })}
          >
            {t('people.reject', { count: ids.length })}
          </Button>
        </Group>
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Checkbox
                    aria-label={t('people.chooseAll')}
                    checked={ids.length === guests.length}
                    indeterminate={ids.length > 0 && ids.length < guests.length}
                    onChange={(event) =>
                      setChosen(new Set(event.currentTarget.checked ? guests.map(({ id }) => id) : []))
                    }
                  />
                </Table.Th>
                <Table.Th>{t('people.name')}</Table.Th>
                <Table.Th>{t('people.email')}</Table.Th>
                <Table.Th>{t('people.department')}</Table.Th>
                <Table.Th>{t('people.since')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {guests.map((guest) => (
                <Table.Tr key={guest.id}>
                  <Table.Td>
                    <Checkbox
                      aria-label={t('people.choose', { name: guest.loginId })}
                      checked={chosen.has(guest.id)}
                      onChange={(event) => choose(guest.id, event.currentTarget.checked)}
                    />
                  </Table.Td>
                  <Table.Td>
                    {guest.name} ({guest.loginId})
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{guest.email}</Table.Td>
                  <Table.Td>{guest.departmentName}</Table.Td>
                  <Table.Td>{date(guest.createdAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <MoreButton list={answer} />
      </AsyncList>
    </Stack>
  )
}
