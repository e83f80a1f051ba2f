/** The models that servers have: what each is for, how large, under which licence, and where. */
import { ActionIcon, Badge, Code, Group, Table, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useModelActions } from '../api/model-queries.ts'
import type { Model } from '../api/types.ts'
import { useBytes } from './use-bytes.ts'

interface ModelTableProps {
  models: Model[]
  /** Absent for those who may not change anything. */
  onConvert: (() => void) | undefined
}

export function ModelTable({ models, onConvert }: ModelTableProps) {
  const { t } = useTranslation()
  const bytes = useBytes()
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('models.name')}</Table.Th>
            <Table.Th>{t('models.kind')}</Table.Th>
            <Table.Th>{t('models.size')}</Table.Th>
            <Table.Th>{t('models.licence')}</Table.Th>
            <Table.Th>
              <Tooltip label={t('models.digestHelp')}>
                <span>{t('models.digest')}</span>
              </Tooltip>
            </Table.Th>
            <Table.Th>{t('models.servers')}</Table.Th>
            {onConvert && (
              <Table.Th w={50}>
                <Text span fz="sm" fw={700}>
                  {t('common.actions')}
                </Text>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model) => (
            <Table.Tr key={model.id}>
              <Table.Td>
                <Text fw={600}>{model.title}</Text>
                {model.title !== model.id && (
                  <Text size="xs" c="dimmed">
                    {model.id}
                  </Text>
                )}
                {model.attention === 'unfused' && !isShipped(model) && <Unfused onConvert={onConvert} />}
              </Table.Td>
              <Table.Td>{t(`models.kinds.${model.kind}`)}</Table.Td>
              <Table.Td>{model.bytes === null ? '–' : bytes(model.bytes)}</Table.Td>
              <Table.Td>{model.licence ?? t('models.noLicence')}</Table.Td>
              <Table.Td>{model.digest ? <Code>{model.digest.slice(0, 12)}</Code> : '–'}</Table.Td>
              <Table.Td>{model.servers.join(', ') || t('models.nowhere')}</Table.Td>
              {onConvert && <Table.Td>{!isShipped(model) && <RemoveButton model={model} />}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** It came with the studio: it stays, and has no original elsewhere. */
const isShipped = ({ id }: Model) => id.startsWith('starter')

/** A model whose UNet writes its attention out: it works, and the original can be converted anew. */
function Unfused({ onConvert }: { onConvert: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <Group gap={6}>
      <Tooltip label={t('models.unfusedHelp')} multiline w={280}>
        <Badge color="yellow" variant="light" tt="none" tabIndex={0}>
          {t('models.unfused')}
        </Badge>
      </Tooltip>
      {onConvert && (
        <UnstyledButton fz="xs" td="underline" onClick={onConvert}>
          {t('models.convert')}
        </UnstyledButton>
      )}
    </Group>
  )
}

function RemoveButton({ model }: { model: Model }) {
  const { t } = useTranslation()
  const { remove } = useModelActions()
  const name = model.title
  const ask = () =>
    modals.openConfirmModal({
      title: t('models.removeTitle', { name }),
      children: <Text size="sm">{t('models.removeText')}</Text>,
      labels: { confirm: t('models.remove'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () =>
        remove.mutate(model.id, {
          onSuccess: () => notifications.show({ message: t('models.removed', { name }) }),
        }),
    })
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      loading={remove.isPending}
      aria-label={t('models.removeTitle', { name })}
      onClick={ask}
    >
      <IconTrash size={18} />
    </ActionIcon>
  )
}
