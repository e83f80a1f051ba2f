/** Draws a mask over a photo: brush, eraser, rectangle, polygon; saved at the photo's own resolution. */
import { ActionIcon, Alert, Button, Center, Group, Loader, Stack, Text, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { IconKeyboard } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadPicture } from '../../api/picture-query.ts'
import type { UploadedPicture } from '../../api/types.ts'
import type { MaskShape } from './mask-shapes.ts'
import { MaskStage } from './mask-stage.tsx'
import { MaskToolbar, type MaskTool } from './mask-toolbar.tsx'
import { renderMask } from './render-mask.ts'
import { useLoadedImage } from './use-loaded-image.ts'

interface MaskEditorProps {
  pictureUrl: string
  maskUrl: string | null
  onSave: (mask: UploadedPicture) => void
  onCancel: () => void
}

interface Drawing {
  shapes: readonly MaskShape[]
  undone: readonly MaskShape[]
  /** Whether the mask that was there before is still under the strokes. */
  keepsBefore: boolean
}

export function MaskEditor({ pictureUrl, maskUrl, onSave, onCancel }: MaskEditorProps) {
  const { t } = useTranslation()
  const photo = useLoadedImage(pictureUrl)
  const mask = useLoadedImage(maskUrl)
  const [tool, setTool] = useState<MaskTool>('brush')
  const [chosenSize, setSize] = useState<number | null>(null)
  const [zoom, setZoom] = useState(1)
  const [drawing, setDrawing] = useState<Drawing>({ shapes: [], undone: [], keepsBefore: true })
  const before = drawing.keepsBefore ? mask.image : null
  // A thirtieth of the photo is seen well on any photo.
  const size = chosenSize ?? Math.max(2, Math.round((photo.image?.naturalWidth ?? 300) / 30))

  const add = (shape: MaskShape) =>
    setDrawing((now) => ({ ...now, shapes: [...now.shapes, shape], undone: [] }))
  const undo = () =>
    setDrawing((now) => {
      const last = now.shapes.at(-1)
      return last ? { ...now, shapes: now.shapes.slice(0, -1), undone: [...now.undone, last] } : now
    })
  const redo = () =>
    setDrawing((now) => {
      const next = now.undone.at(-1)
      return next ? { ...now, shapes: [...now.shapes, next], undone: now.undone.slice(0, -1) } : now
    })
  const clear = () => setDrawing({ shapes: [], undone: [], keepsBefore: false })
  useHotkeys([
    ['mod+Z', undo],
    ['mod+shift+Z', redo],
  ])

  const save = useMutation({
    mutationFn: async (image: HTMLImageElement) => {
      const made = await renderMask(image.naturalWidth, image.naturalHeight, drawing.shapes, before)
      if (made.isEmpty) throw new Error(t('mask.empty'))
      return uploadPicture(made.file, 'mask.png')
    },
    onSuccess: onSave,
  })

  const { image } = photo
  if (!image)
    return (
      <Center h={300}>{photo.failed ? <Text role="alert">{t('form.pictureGone')}</Text> : <Loader />}</Center>
    )
  return (
    <Stack gap="sm">
      <MaskToolbar
        tool={tool}
        onTool={setTool}
        size={size}
        maxSize={Math.max(64, Math.round(image.naturalWidth / 3))}
        onSize={setSize}
        zoom={zoom}
        onZoom={setZoom}
        onUndo={drawing.shapes.length > 0 ? undo : null}
        onRedo={drawing.undone.length > 0 ? redo : null}
        onClear={drawing.shapes.length > 0 || before ? clear : null}
      />
      <MaskStage
        photo={image}
        before={before}
        shapes={drawing.shapes}
        tool={tool}
        size={size}
        zoom={zoom}
        onZoom={setZoom}
        onShape={add}
      />
      {save.error && (
        <Alert color="red" p="xs" role="alert">
          {save.error.message}
        </Alert>
      )}
      <Group justify="space-between">
        <Group gap={6} wrap="nowrap">
          <Text size="sm" c="dimmed">
            {image.naturalWidth} × {image.naturalHeight} · {t(`mask.hints.${tool}`)}
          </Text>
          <Tooltip
            label={t('mask.keys')}
            multiline
            w={420}
            position="top-start"
            events={{ hover: true, focus: true, touch: true }}
          >
            <ActionIcon variant="subtle" color="gray" aria-label={t('mask.keysName')}>
              <IconKeyboard size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <Group gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate(image)}>
            {t('mask.save')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
