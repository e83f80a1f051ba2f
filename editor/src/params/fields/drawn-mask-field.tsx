/** A mask drawn by hand over the picture that the node gets, or over one that is chosen for it. */
import { Button, Group, Input, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconBrush, IconPhotoSearch } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePicture } from '../../api/picture-query.ts'
import { openPicturePicker } from '../../gallery/picture-picker.tsx'
import { useGraph } from '../../graph-store.ts'
import { useRunView } from '../../runs/run-view.ts'
import type { FieldProps } from '../field-props.ts'
import { NamedPicture } from '../named-picture.ts'
import { toNamedImage } from '../to-named-image.ts'
import { findUpstreamPicture } from '../mask/find-upstream-picture.ts'
import classes from './fields.module.css'

// Konva is as large as the rest of the editor: it loads when somebody draws.
const MaskEditor = lazy(async () => ({ default: (await import('../mask/mask-editor.tsx')).MaskEditor }))

export function DrawnMaskField({ node, value, label, help, error, onChange }: FieldProps) {
  const { t } = useTranslation()
  const graph = useGraph()
  const run = useRunView((view) => view.run)
  const [pickedKey, setPickedKey] = useState<string | null>(null)
  const under = pickedKey ?? findUpstreamPicture(graph, node.id, run)
  const picture = usePicture(under)
  const drawn = NamedPicture.safeParse(value)
  const mask = usePicture(drawn.success ? drawn.data.key : null)

  const draw = () => {
    if (!picture.data) return
    const background = picture.data.url
    const id = modals.open({
      title: label,
      fullScreen: true,
      closeOnEscape: false,
      children: (
        <Suspense fallback={<Text>{t('common.loading')}</Text>}>
          <MaskEditor
            pictureUrl={background}
            maskUrl={mask.data?.url ?? null}
            onCancel={() => modals.close(id)}
            onSave={(saved) => {
              onChange(toNamedImage(saved))
              modals.close(id)
            }}
          />
        </Suspense>
      ),
    })
  }

  return (
    <Input.Wrapper label={label} description={help} error={error} labelElement="div">
      <Stack gap={8} mt={6}>
        {mask.data && <img className={classes['mask']} src={mask.data.thumbnailUrl} alt={t('mask.drawn')} />}
        {drawn.success && (
          <Text size="xs" c="dimmed">
            {drawn.data.width} × {drawn.data.height}
          </Text>
        )}
        {!under && (
          <Text size="xs" c="dimmed">
            {t('mask.noPicture')}
          </Text>
        )}
        <Group gap={6}>
          <Button size="xs" leftSection={<IconBrush size={16} />} disabled={!picture.data} onClick={draw}>
            {drawn.success ? t('mask.redraw') : t('mask.draw')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPhotoSearch size={16} />}
            onClick={() => openPicturePicker(t('mask.pickUnder'), (picked) => setPickedKey(picked.key))}
          >
            {t('mask.pickUnder')}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  )
}
