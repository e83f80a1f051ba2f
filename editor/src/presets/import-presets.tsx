/** Takes presets out of files, and says what of them does not fit the tools of this studio. */
import { PresetFile, presetFileKind, presetFileVersion } from '@defect-studio/nodes'
import { Button, FileButton, List, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { ImportedPresets } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'

/** More is no file of presets. */
const largestBytes = 4 * 1024 * 1024

export function ImportPresets() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const take = useMutation({
    mutationFn: async (files: File[]) => {
      const presets = (await Promise.all(files.map(readPresetFile))).flat()
      const body = { kind: presetFileKind, version: presetFileVersion, presets } as const
      return answer(api.POST('/api/v1/presets/import', { body }))
    },
    onSuccess: async ({ items, leftOut }) => {
      await client.invalidateQueries({ queryKey: ['presets'] })
      notifications.show({ message: t('presets.imported', { count: items.length }) })
      if (leftOut.length > 0)
        modals.open({ title: t('presets.notAll'), children: <LeftOutList leftOut={leftOut} /> })
    },
    onError: showError,
  })
  return (
    <FileButton
      multiple
      accept="application/json"
      onChange={(files) => files.length > 0 && take.mutate(files)}
    >
      {(props) => (
        <Button {...props} variant="default" loading={take.isPending}>
          {t('presets.import')}
        </Button>
      )}
    </FileButton>
  )
}

const LeftOutList = ({ leftOut }: Pick<ImportedPresets, 'leftOut'>) => (
  <List size="sm">
    {leftOut.map(({ index, name, problems }) => (
      <List.Item key={index}>
        {name}
        {problems.map(({ field, message }) => (
          <Text key={field} size="xs" c="dimmed">
            {field}: {message}
          </Text>
        ))}
      </List.Item>
    ))}
  </List>
)

async function readPresetFile(file: File): Promise<PresetFile['presets']> {
  if (file.size > largestBytes) throw new Error(`${file.name}: more than 4 MB.`)
  const read = PresetFile.safeParse(parse(await file.text()))
  if (read.success) return read.data.presets
  throw new Error(`${file.name}: ${read.error.issues[0]?.message ?? ''}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
