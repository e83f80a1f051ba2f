/** A picture: uploaded by button or drop, or picked from the gallery. */
import { Button, Group, Input, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { useMutation } from '@tanstack/react-query'
import { IconPhotoSearch, IconUpload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { uploadPicture, usePicture } from '../../api/picture-query.ts'
import { openPicturePicker } from '../../gallery/picture-picker.tsx'
import type { FieldProps } from '../field-props.ts'
import { NamedPicture } from '../named-picture.ts'
import { toNamedImage } from '../to-named-image.ts'
import { showError } from '../../shell/show-error.ts'
import classes from './fields.module.css'

/** What the API decodes; it looks at the bytes, this only spares people a useless upload. */
export const acceptedPictures = ['image/png', 'image/jpeg', 'image/webp', 'image/tiff', 'image/bmp']

export function ImageField({ value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  const chosen = NamedPicture.safeParse(value)
  const link = usePicture(chosen.success ? chosen.data.key : null)
  const upload = useMutation({
    mutationFn: (file: File) => uploadPicture(file, file.name),
    onSuccess: (picture) => onChange(toNamedImage(picture)),
  })
  return (
    <Input.Wrapper label={label} description={help} error={upload.error?.message ?? error} labelElement="div">
      <Stack gap={8} mt={6}>
        <Dropzone
          className={classes['drop'] ?? ''}
          onDrop={(files) => {
            if (files[0]) upload.mutate(files[0])
          }}
          accept={acceptedPictures}
          multiple={false}
          loading={upload.isPending}
          onReject={() => showError(new Error(t('form.notPicture')))}
          inputProps={{ 'aria-label': t('form.upload', { name: label }) }}
          p={chosen.success ? 4 : 'md'}
        >
          {chosen.success && link.data ? (
            <img className={classes['preview']} src={link.data.thumbnailUrl} alt={chosen.data.name} />
          ) : (
            <Stack align="center" gap={4}>
              <IconUpload size={24} color="var(--mantine-color-dimmed)" aria-hidden />
              <Text size="sm" ta="center">
                {t('form.dropPicture')}
              </Text>
            </Stack>
          )}
        </Dropzone>
        {chosen.success && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {chosen.data.name} · {chosen.data.width} × {chosen.data.height}
          </Text>
        )}
        {chosen.success && link.isError && (
          <Text size="xs" c="red" role="alert">
            {t('form.pictureGone')}
          </Text>
        )}
        <Group gap={6}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPhotoSearch size={16} />}
            onClick={() => openPicturePicker(t('form.pick'), (picture) => onChange(toNamedImage(picture)))}
          >
            {t('form.pick')}
          </Button>
          {chosen.success && (
            <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
              {t('common.clear')}
            </Button>
          )}
        </Group>
      </Stack>
    </Input.Wrapper>
  )
}
