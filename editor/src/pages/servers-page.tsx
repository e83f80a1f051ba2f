/** How the studio is: its parts with their restarts, the GPU servers, and the models they have. */
import { Badge, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { IconServer } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useHealth, useModels, useServers } from '../api/queries.ts'
import type { Health } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { isUp } from '../shell/parts-down.ts'
import { PageFrame } from '../shell/page-frame.tsx'

export function ServersPage() {
  const { t } = useTranslation()
  const health = useHealth()
  return (
    <PageFrame title={t('shell.pages.servers')}>
      <Stack gap="xl">
        <section>
          <Title order={2} mb="sm">
            {t('servers.components')}
          </Title>
          <AsyncList answer={health} isEmpty={!health.data} empty={null}>
            {health.data && <Components health={health.data} />}
          </AsyncList>
        </section>
        <Servers />
        <Models />
      </Stack>
    </PageFrame>
  )
}

/** The supervisor passes on more than the API's description promises. */
const Supervised = z.object({
  name: z.string(),
  state: z.string(),
  restarts: z.number().optional(),
})

function Components({ health }: { health: Health }) {
  const { t } = useTranslation()
  const supervised = (health.supervised ?? []).flatMap((each) => {
    const read = Supervised.safeParse(each)
    return read.success ? [read.data] : []
  })
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="sm">
        {health.components.map(({ name, state, detail }) => (
          <Part key={name} name={name} state={state} detail={detail} />
        ))}
      </SimpleGrid>
      {supervised.length > 0 && (
        <>
          <Title order={3} size="h5" mt="lg" mb="xs">
            {t('servers.processes')}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="sm">
            {supervised.map(({ name, state, restarts = 0 }) => (
              <Part
                key={name}
                name={name}
                state={state}
                detail={t('servers.restarts', { count: restarts })}
              />
            ))}
          </SimpleGrid>
        </>
      )}
    </>
  )
}

function Part({ name, state, detail }: { name: string; state: string; detail: string }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="sm" bg="var(--studio-card)">
      <Text fw={600} component="span">
        {t(`servers.parts.${name.replaceAll(' ', '-')}`, { defaultValue: name })}
      </Text>
      <Badge color={isUp(state) ? 'teal' : 'red'} variant="light" tt="none" style={{ float: 'right' }}>
        {t(`servers.states.${state}`, { defaultValue: state })}
      </Badge>
      {detail !== '' && (
        <Text size="sm" c="dimmed" mt={4}>
          {detail}
        </Text>
      )}
    </Paper>
  )
}

function Servers() {
  const { t } = useTranslation()
  const { number, date } = useFormat()
  const answer = useServers()
  const servers = answer.data?.items ?? []
  return (
    <section>
      <Title order={2} mb="sm">
        {t('servers.gpu')}
      </Title>
      <AsyncList
        answer={answer}
        isEmpty={servers.length === 0}
        empty={
          <Empty
            icon={<IconServer size={32} />}
            title={t('servers.emptyTitle')}
            text={t('servers.emptyText')}
          />
        }
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('servers.name')}</Table.Th>
              <Table.Th>{t('servers.device')}</Table.Th>
              <Table.Th>{t('servers.memory')}</Table.Th>
              <Table.Th>{t('servers.models')}</Table.Th>
              <Table.Th>{t('servers.loaded')}</Table.Th>
              <Table.Th>{t('servers.seen')}</Table.Th>
              <Table.Th>{t('servers.state')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {servers.map((server) => (
              <Table.Tr key={server.id}>
                <Table.Td fw={600}>{server.name}</Table.Td>
                <Table.Td>
                  {server.device} ({server.provider})
                </Table.Td>
                <Table.Td>{t('servers.gigabytes', { amount: number(server.memoryMb / 1024) })}</Table.Td>
                <Table.Td>{server.models.join(', ') || '–'}</Table.Td>
                <Table.Td>
                  {(server.online &&
                    server.loaded
                      .map(({ id, bytes, inUse }) =>
                        t(inUse > 0 ? 'servers.usedModel' : 'servers.loadedModel', {
                          model: id,
                          amount: number(bytes / 2 ** 30),
                        }),
                      )
                      .join(', ')) ||
                    '–'}
                </Table.Td>
                <Table.Td>{date(server.lastSeenAt)}</Table.Td>
                <Table.Td>
                  <Badge color={server.online ? 'teal' : 'gray'} variant="light" tt="none">
                    {t(server.online ? 'servers.online' : 'servers.offline')}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </AsyncList>
    </section>
  )
}

function Models() {
  const { t } = useTranslation()
  const models = useModels().data?.items ?? []
  return (
    <section>
      <Title order={2} mb={4}>
        {t('servers.modelsTitle')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('servers.modelsText')}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        {models.map((model) => (
          <Paper key={model.id} withBorder p="sm" bg="var(--studio-card)">
            <Text fw={600}>{model.title}</Text>
            <Text size="sm" c="dimmed">
              {t(`servers.kinds.${model.kind}`)}
              {model.licence ? ` · ${model.licence}` : ''}
            </Text>
            {model.note && <Text size="sm">{model.note}</Text>}
          </Paper>
        ))}
      </SimpleGrid>
    </section>
  )
}
