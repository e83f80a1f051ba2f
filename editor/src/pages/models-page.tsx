/** The models of all servers; whoever runs the studio adds and removes them here. */
import { Button, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconBox, IconPlus } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useInstallations } from '../api/model-queries.ts'
import { useModels } from '../api/queries.ts'
import { useMember } from '../api/session.ts'
import { AddModel, type AddFrom } from '../models/add-model.tsx'
import { InstallationCard } from '../models/installation-card.tsx'
import { ModelTable } from '../models/model-table.tsx'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function ModelsPage() {
  const { t } = useTranslation()
  const mayChange = useMember().role === 'super_admin'
  const [from, setFrom] = useState<AddFrom | null>(null)
  const answer = useModels()
  const models = answer.data?.items ?? []
  const installations = useInstallations(mayChange)
  const under = installations.data?.items ?? []
  useFreshModels()
  const folder = installations.data?.folder
  const addButton = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setFrom('catalogue')}>
      {t('models.add')}
    </Button>
  )
  return (
    <PageFrame title={t('shell.pages.models')} actions={mayChange && addButton}>
      <Stack gap="lg">
        <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('models.text', { folder: folder ? t('models.inFolder', { folder }) : '' })}
        </Text>
        {under.length > 0 && (
          <Stack gap="xs" component="section" aria-label={t('models.installations')}>
            <Title order={2} size="h4">
              {t('models.installations')}
            </Title>
            {under.map((installation) => (
              <InstallationCard key={installation.id} installation={installation} />
            ))}
          </Stack>
        )}
        <AsyncList answer={answer} isEmpty={models.length === 0} empty={null}>
          <ModelTable models={models} onConvert={mayChange ? () => setFrom('hub') : undefined} />
        </AsyncList>
        {answer.data && models.every(({ id }) => id.startsWith('starter')) && (
          <Empty
            icon={<IconBox size={32} />}
            title={t('models.emptyTitle')}
            text={t('models.emptyText')}
            action={mayChange && addButton}
          />
        )}
      </Stack>
      <AddModel from={from} onChange={setFrom} />
    </PageFrame>
  )
}

/** Servers say what they have some seconds after it has come or gone, and nobody else tells the page. */
function useFreshModels(): void {
  const client = useQueryClient()
  useEffect(() => {
    const ask = () => void client.invalidateQueries({ queryKey: ['models'], exact: true })
    const timer = setInterval(ask, 3_000)
    return () => clearInterval(timer)
  }, [client])
}
