/** A picture at full size over the page, with the way to the next one and to a file. */
import { ActionIcon, Box, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pngName } from './png-name.ts'

interface Links {
  url: string
  thumbnailUrl: string
}

export interface ShownPicture {
  name: string
  picture: Links
  mask?: Links | undefined
}

export function openLightbox(pictures: readonly ShownPicture[], start = 0): void {
  modals.open({
    size: 'xl',
    title: pictures[start]?.name,
    children: <Lightbox pictures={pictures} start={start} />,
  })
}

function Lightbox({ pictures, start }: { pictures: readonly ShownPicture[]; start: number }) {
  const { t } = useTranslation()
  const [index, setIndex] = useState(start)
  const [side, setSide] = useState('picture')
  const go = (step: number) => setIndex((index + step + pictures.length) % pictures.length)
  useHotkeys([
    ['ArrowLeft', () => go(-1)],
    ['ArrowRight', () => go(1)],
  ])
  const shown = pictures[index]
  if (!shown) return null
  const mask = side === 'mask' ? shown.mask : undefined
  return (
    <Stack>
      <Box className="checkerboard" style={{ borderRadius: 8, overflow: 'hidden', textAlign: 'center' }}>
        <img
          src={(mask ?? shown.picture).url}
          alt={mask ? t('gallery.maskOf', { name: shown.name }) : shown.name}
          style={{
            maxWidth: '100%',
            maxHeight: '68vh',
            minHeight: 200,
            objectFit: 'contain',
            verticalAlign: 'top',
          }}
        />
      </Box>
      <Group justify="space-between">
        <Group gap="xs">
          {pictures.length > 1 && (
            <>
              <ActionIcon variant="default" aria-label={t('gallery.previous')} onClick={() => go(-1)}>
                <IconChevronLeft size={18} />
              </ActionIcon>
              <Text size="sm">
                {index + 1} / {pictures.length}
              </Text>
              <ActionIcon variant="default" aria-label={t('gallery.next')} onClick={() => go(1)}>
                <IconChevronRight size={18} />
              </ActionIcon>
            </>
          )}
          <Text size="sm" c="dimmed">
            {shown.name}
          </Text>
        </Group>
        <Group gap="xs">
          {shown.mask && (
            <SegmentedControl
              size="xs"
              aria-label={t('gallery.show')}
              value={side}
              onChange={setSide}
              data={[
                { value: 'picture', label: t('gallery.picture') },
                { value: 'mask', label: t('gallery.mask') },
              ]}
            />
          )}
          <Button
            component="a"
            href={(mask ?? shown.picture).url}
            download={pngName(shown.name, mask !== undefined)}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t('gallery.download')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
