/** The form that keeps chosen params of a node under a name, as a new preset or over one that is there. */
import { paramMeta, presetFields, type GraphNode, type NodeDefinition } from '@defect-studio/nodes'
import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { usePresets } from '../api/preset-queries.ts'
import { allItems } from '../api/queries.ts'
import { shownParams } from '../graph-edits.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { showError } from '../shell/show-error.ts'
import { paramValueText } from './param-value-text.ts'
import { VisibilitySelect, type Visibility } from './visibility-select.tsx'

interface SavePresetProps {
  node: GraphNode
  definition: NodeDefinition
  onClose: () => void
}

export function SavePreset({ node, definition, onClose }: SavePresetProps) {
  const { t } = useTranslation()
  const text = useNodeText()
  const client = useQueryClient()
  const params = shownParams(node)
  const titles = new Map(paramMeta(definition).map(([field, { title }]) => [field, title]))
  const fields = presetFields(definition).filter((field) => params[field] !== undefined)
  const [chosen, setChosen] = useState(fields)
  const [name, setName] = useState('')
  const [over, setOver] = useState<string | null>(null)
  const [visibility, setVisibility] = useState<Visibility>('private')
  const mine = allItems(usePresets({ words: '', tool: node.type, mine: true }).data)
  const save = useMutation({
    mutationFn: () => {
      const kept = Object.fromEntries(chosen.map((field) => [field, params[field]]))
      const body = { name, params: kept, visibility }
      return over === null
        ? answer(api.POST('/api/v1/presets', { body: { ...body, tool: node.type } }))
        : answer(api.PUT('/api/v1/presets/{id}', { params: { path: { id: over } }, body }))
    },
    onSuccess: async (preset) => {
      await client.invalidateQueries({ queryKey: ['presets'] })
      notifications.show({ message: t('presets.saved', { name: preset.name }) })
      onClose()
    },
    onError: showError,
  })
  const chooseOver = (id: string | null) => {
    setOver(id)
    const preset = mine.find((each) => each.id === id)
    if (!preset) return
    setName(preset.name)
    setVisibility(preset.visibility)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={t('presets.saveTitle', { tool: text.title(node.type) })}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {mine.length > 0 && (
            <Select
              label={t('presets.over')}
              placeholder={t('presets.new')}
              data={mine.map(({ id, name: label }) => ({ value: id, label }))}
              value={over}
              onChange={chooseOver}
              clearable
              searchable
            />
          )}
          <TextInput
            label={t('presets.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
          />
          <Checkbox.Group label={t('presets.which')} value={chosen} onChange={setChosen}>
            <Stack gap={6} mt="xs">
              {fields.map((field) => (
                <Checkbox
                  key={field}
                  value={field}
                  label={text.param(node.type, field, titles.get(field) ?? field)}
                  description={paramValueText(params[field])}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <VisibilitySelect value={visibility} onChange={setVisibility} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={name.trim() === '' || chosen.length === 0}
            >
              {t('presets.saveNow')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
