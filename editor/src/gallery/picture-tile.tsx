/** A picture of the gallery, small: what it shows and which tool made it. */
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { GalleryImage } from '../api/types.ts'
import { useNodeText } from '../i18n/node-text.ts'

export function PictureTile({ image }: { image: GalleryImage }) {
  const { t } = useTranslation()
  const text = useNodeText()
  return (
    <span className="picture-tile">
      <span className="checkerboard" style={{ display: 'block', aspectRatio: '1' }}>
        <img
          src={image.image.thumbnailUrl}
          alt=""
          loading="lazy"
          style={{ width: '100%', height: '100%', objectFit: 'contain', display: 'block' }}
        />
      </span>
      <span style={{ display: 'block', padding: '8px 10px' }}>
        <Text size="sm" fw={600} truncate component="span" display="block">
          {image.name}
        </Text>
        <Text size="xs" c="dimmed" truncate component="span" display="block">
          {image.tool ? text.title(image.tool) : t('gallery.unknownTool')}
          {image.prompt ? ` · ${image.prompt}` : ''}
        </Text>
      </span>
    </span>
  )
}
