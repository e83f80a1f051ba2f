/** Renames a preset, shares it, and drops params of it. Other values come from a node: save over it there. */
import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { Preset } from '../api/types.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { showError } from '../shell/show-error.ts'
import { paramValueText } from './param-value-text.ts'
import { VisibilitySelect } from './visibility-select.tsx'

export function EditPreset({ preset, onClose }: { preset: Preset; onClose: () => void }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const client = useQueryClient()
  const fields = Object.keys(preset.params)
  const [name, setName] = useState(preset.name)
  const [visibility, setVisibility] = useState(preset.visibility)
  const [chosen, setChosen] = useState(fields)
  const save = useMutation({
    mutationFn: () => {
      const params = Object.fromEntries(chosen.map((field) => [field, preset.params[field]]))
      const isSame = chosen.length === fields.length
      return answer(
        api.PUT('/api/v1/presets/{id}', {
          params: { path: { id: preset.id } },
          body: { name, visibility, ...(isSame ? {} : { params }) },
        }),
      )
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['presets'] })
      onClose()
    },
    onError: showError,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={t('presets.editTitle')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t('presets.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
          />
          <VisibilitySelect value={visibility} onChange={setVisibility} />
          <Checkbox.Group
            label={t('presets.which')}
            description={t('presets.whichHelp')}
            value={chosen}
            onChange={setChosen}
          >
            <Stack gap={6} mt="xs">
              {fields.map((field) => (
                <Checkbox
                  key={field}
                  value={field}
                  label={text.param(preset.tool, field, field)}
                  description={paramValueText(preset.params[field])}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {t('presets.saveNow')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
