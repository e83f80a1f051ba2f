/** The gallery in a window, for choosing one picture of it. */
import { SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useTranslation } from 'react-i18next'
import type { ImageRef } from '@defect-studio/nodes'
import { allItems, useImages } from '../api/queries.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PictureTile } from './picture-tile.tsx'

type Picked = ImageRef & { name: string }

export function openPicturePicker(title: string, onPick: (picture: Picked) => void): void {
  modals.open({
    title,
    size: 'xl',
    children: (
      <PicturePicker
        onPick={(picture) => {
          modals.closeAll()
          onPick(picture)
        }}
      />
    ),
  })
}

function PicturePicker({ onPick }: { onPick: (picture: Picked) => void }) {
  const { t } = useTranslation()
  const answer = useImages()
  const images = allItems(answer.data)
  return (
    <AsyncList
      answer={answer}
      isEmpty={images.length === 0}
      empty={<Text c="dimmed">{t('gallery.nothingToPick')}</Text>}
    >
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {images.map((image) => (
          <UnstyledButton
            key={image.id}
            aria-label={t('gallery.choose', { name: image.name })}
            onClick={() => onPick({ ...image.image, name: image.name })}
          >
            <PictureTile image={image} />
          </UnstyledButton>
        ))}
      </SimpleGrid>
      <MoreButton list={answer} />
    </AsyncList>
  )
}
