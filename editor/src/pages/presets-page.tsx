/** Presets: the own ones and what others share, found by name and tool, handed on as files. */
import { nodeDefinitions, presetFields } from '@defect-studio/nodes'
import { Button, Group, Select, Table, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAdjustments } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePresets } from '../api/preset-queries.ts'
import { allItems } from '../api/queries.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { exportPresets } from '../presets/export-presets.ts'
import { ImportPresets } from '../presets/import-presets.tsx'
import { PresetRow } from '../presets/preset-row.tsx'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { showError } from '../shell/show-error.ts'

const tools = nodeDefinitions.filter((definition) => presetFields(definition).length > 0)

export function PresetsPage() {
  const { t } = useTranslation()
  const text = useNodeText()
  const [words, setWords] = useState('')
  const [settled] = useDebouncedValue(words, 200)
  const [tool, setTool] = useState<string | null>(null)
  const answer = usePresets({ words: settled, tool: tool ?? '' })
  const presets = allItems(answer.data)
  const isFiltered = settled !== '' || tool !== null
  const actions = (
    <Group gap="xs">
      <ImportPresets />
      <Button
        variant="default"
        disabled={!presets.some(({ mine }) => mine)}
        onClick={() => void exportPresets().catch(showError)}
      >
        {t('presets.exportAll')}
      </Button>
    </Group>
  )
  return (
    <PageFrame title={t('shell.pages.presets')} actions={actions}>
      <Group mb="md" align="flex-end">
        <TextInput
          label={t('presets.search')}
          value={words}
          maxLength={100}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          label={t('presets.tool')}
          placeholder={t('presets.everyTool')}
          data={tools.map(({ type }) => ({ value: type, label: text.title(type) }))}
          value={tool}
          onChange={setTool}
          clearable
          searchable
        />
      </Group>
      <AsyncList
        answer={answer}
        isEmpty={presets.length === 0}
        empty={
          <Empty
            icon={<IconAdjustments size={32} />}
            title={isFiltered ? t('presets.noneFound') : t('presets.emptyTitle')}
            text={t('presets.emptyText')}
          />
        }
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('presets.name')}</Table.Th>
              <Table.Th>{t('presets.params')}</Table.Th>
              <Table.Th>{t('presets.visibility')}</Table.Th>
              <Table.Th>{t('presets.changed')}</Table.Th>
              <Table.Th aria-label={t('common.actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {presets.map((preset) => (
              <PresetRow key={preset.id} preset={preset} />
            ))}
          </Table.Tbody>
        </Table>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}
