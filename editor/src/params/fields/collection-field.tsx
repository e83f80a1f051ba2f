/** A folder of pictures: sent file by file; what could not be used is listed with the reason. */
import { Alert, Button, Group, Input, List, Progress, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconFolder, IconFolderUp, IconPhotoUp } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldProps } from '../field-props.ts'
import { NamedFolder } from '../named-picture.ts'
import { uploadFolder } from '../upload-folder.ts'

/** Nobody reads ten thousand reasons, and the page would crawl. */
const shownRefused = 100

export function CollectionField({ value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  const folderInput = useRef<HTMLInputElement>(null)
  const filesInput = useRef<HTMLInputElement>(null)
  const stopping = useRef(new AbortController())
  const [progress, setProgress] = useState({ done: 0, total: 0 })
  const upload = useMutation({
    mutationFn: (files: readonly File[]) => {
      stopping.current = new AbortController()
      return uploadFolder(
        files,
        { notPicture: t('form.notPicture'), tooMany: t('form.tooMany') },
        {
          onProgress: (done, total) => setProgress({ done, total }),
          signal: stopping.current.signal,
        },
      )
    },
    onSuccess: ({ folder }) => {
      if (folder) onChange(folder)
    },
  })
  const take = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])]
    input.value = ''
    if (files.length > 0) upload.mutate(files)
  }
  const chosen = NamedFolder.safeParse(value)
  const refused = upload.data?.refused ?? []
  const wasStopped = upload.error?.name === 'AbortError'
  const wrong = wasStopped ? t('sources.cancelled') : (upload.error?.message ?? '')
  const nothing = upload.data && !upload.data.folder ? t('form.noPictures') : ''
  return (
    <Input.Wrapper label={label} description={help} error={wrong || nothing || error} labelElement="div">
      <Stack gap={8} mt={6}>
        {chosen.success && (
          <Group gap={8} wrap="nowrap">
            <IconFolder size={20} aria-hidden />
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {chosen.data.name} · {t('form.pictures', { count: chosen.data.count })}
            </Text>
          </Group>
        )}
        {upload.isPending && (
          <>
            <Progress
              value={progress.total > 0 ? (progress.done / progress.total) * 100 : 0}
              animated
              aria-label={t('form.uploading', progress)}
            />
            <Group gap={6} justify="space-between">
              <Text size="xs" role="status">
                {t('form.uploading', progress)}
              </Text>
              <Button size="compact-xs" variant="subtle" onClick={() => stopping.current.abort()}>
                {t('sources.cancel')}
              </Button>
            </Group>
          </>
        )}
        <Group gap={6}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFolderUp size={16} />}
            disabled={upload.isPending}
            onClick={() => folderInput.current?.click()}
          >
            {t('form.chooseFolder')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPhotoUp size={16} />}
            disabled={upload.isPending}
            onClick={() => filesInput.current?.click()}
          >
            {t('form.chooseFiles')}
          </Button>
        </Group>
        <input
          ref={folderInput}
          type="file"
          hidden
          multiple
          webkitdirectory=""
          aria-label={t('form.chooseFolder')}
          onChange={(event) => take(event.currentTarget)}
        />
        <input
          ref={filesInput}
          type="file"
          hidden
          multiple
          accept="image/*,.tif,.tiff,.bmp"
          aria-label={t('form.chooseFiles')}
          onChange={(event) => take(event.currentTarget)}
        />
        {refused.length > 0 && (
          <Alert color="yellow" p="xs" title={t('form.refused', { count: refused.length })}>
            <List size="xs" style={{ maxHeight: 160, overflow: 'auto' }}>
              {refused.slice(0, shownRefused).map(({ name, reason }) => (
                <List.Item key={name}>
                  <strong>{name}</strong>: {reason}
                </List.Item>
              ))}
            </List>
            {refused.length > shownRefused && (
              <Text size="xs">{t('sources.moreRefused', { count: refused.length - shownRefused })}</Text>
            )}
          </Alert>
        )}
      </Stack>
    </Input.Wrapper>
  )
}
