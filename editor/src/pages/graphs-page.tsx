/** Every graph that the member may see; the way to a new one. */
import type { Graph } from '@defect-studio/nodes'
import { ActionIcon, Anchor, Button, FileButton, Group, Table, Text, Tooltip } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { IconFileImport, IconPlus, IconTopologyStar3, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { answer, api } from '../api/client.ts'
import { allItems, useGraphs } from '../api/queries.ts'
import type { GraphSummary } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { showError } from '../shell/show-error.ts'
import { droppedFile, graphFileTypes, useGraphFile } from '../use-graph-file.tsx'
import type { GraphTemplate } from './graph-templates.ts'
import { TemplateCards } from './template-cards.tsx'

export function GraphsPage() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const navigate = useNavigate()
  const client = useQueryClient()
  const listed = useGraphs()
  const graphs = allItems(listed.data)
  const create = useMutation({
    mutationFn: (body: { name: string; graph: Graph }) => answer(api.POST('/api/v1/graphs', { body })),
    onSuccess: (saved) => void navigate(`/graphs/${saved.id}`),
    onError: showError,
  })
  const remove = useMutation({
    mutationFn: (graph: GraphSummary) =>
      answer(api.DELETE('/api/v1/graphs/{id}', { params: { path: { id: graph.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['graphs'] }),
    onError: showError,
  })
  const start = ({ name, graph }: GraphTemplate) =>
    create.mutate({ name: name === 'empty' ? t('graphs.newName') : t(`templates.${name}.title`), graph })
  const openFile = useGraphFile((graph, name) =>
    create.mutate({ name: name.trim().slice(0, 100) || t('graphs.newName'), graph }),
  )
  const choose = () =>
    modals.open({
      title: t('graphs.startFrom'),
      size: 'lg',
      children: (
        <TemplateCards
          onChoose={(template) => {
            modals.closeAll()
            start(template)
          }}
        />
      ),
    })
  const askRemove = (graph: GraphSummary) =>
    modals.openConfirmModal({
      title: t('graphs.removeTitle', { name: graph.name }),
      children: <Text size="sm">{t('graphs.removeText')}</Text>,
      labels: { confirm: t('common.delete'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(graph),
    })
  return (
    <PageFrame
      title={t('shell.pages.graphs')}
      actions={
        <Group gap="xs">
          <FileButton onChange={(file) => void openFile(file)} accept={graphFileTypes}>
            {(props) => (
              <Tooltip label={t('graphs.openFileHelp')}>
                <Button {...props} variant="default" leftSection={<IconFileImport size={18} />}>
                  {t('graphs.openFile')}
                </Button>
              </Tooltip>
            )}
          </FileButton>
          {graphs.length > 0 && (
            <Button leftSection={<IconPlus size={18} />} onClick={choose} loading={create.isPending}>
              {t('graphs.new')}
            </Button>
          )}
        </Group>
      }
    >
      <div
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void openFile(droppedFile(event))
        }}
      >
        <AsyncList
          answer={listed}
          isEmpty={graphs.length === 0}
          empty={
            <>
              <Text size="lg" mb="md" c="dimmed">
                {t('graphs.empty')}
              </Text>
              <TemplateCards onChoose={start} />
            </>
          }
        >
          <Table highlightOnHover verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('graphs.name')}</Table.Th>
                <Table.Th>{t('graphs.owner')}</Table.Th>
                <Table.Th>{t('graphs.changed')}</Table.Th>
                <Table.Th w={60}>
                  <Text span hidden>
                    {t('common.actions')}
                  </Text>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {graphs.map((graph) => (
                <Table.Tr key={graph.id}>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <IconTopologyStar3 size={18} color="var(--mantine-color-dimmed)" aria-hidden />
                      <Anchor component={Link} to={`/graphs/${graph.id}`} fw={600}>
                        {graph.name}
                      </Anchor>
                    </Group>
                  </Table.Td>
                  <Table.Td>{graph.ownerNickname}</Table.Td>
                  <Table.Td>{date(graph.updatedAt)}</Table.Td>
                  <Table.Td>
                    <Tooltip label={t('graphs.remove', { name: graph.name })}>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('graphs.remove', { name: graph.name })}
                        onClick={() => askRemove(graph)}
                      >
                        <IconTrash size={18} />
                      </ActionIcon>
                    </Tooltip>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <MoreButton list={listed} />
        </AsyncList>
      </div>
    </PageFrame>
  )
}
