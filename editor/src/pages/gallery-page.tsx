/** The pictures that runs have saved, found by words and by the tool that made them. */
import { nodeDefinitions } from '@defect-studio/nodes'
import { Button, Group, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPhoto, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems, useImages } from '../api/queries.ts'
import { PictureTile } from '../gallery/picture-tile.tsx'
import { useNodeText } from '../i18n/node-text.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

const tools = nodeDefinitions.filter(({ category }) => category !== 'input' && category !== 'output')

export function GalleryPage() {
  const { t } = useTranslation()
  const text = useNodeText()
  const [words, setWords] = useState('')
  const [tool, setTool] = useState<string | null>(null)
  const [settled] = useDebouncedValue(words.trim(), 300)
  const answer = useImages({ words: settled, tool: tool ?? '' })
  const images = allItems(answer.data)
  const filtered = settled !== '' || tool !== null
  return (
    <PageFrame title={t('shell.pages.gallery')}>
      <Group mb="md">
        <TextInput
          aria-label={t('gallery.search')}
          placeholder={t('gallery.search')}
          leftSection={<IconSearch size={16} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          w={280}
        />
        <Select
          aria-label={t('gallery.tool')}
          placeholder={t('gallery.anyTool')}
          data={tools.map(({ type }) => ({ value: type, label: text.title(type) }))}
          value={tool}
          onChange={setTool}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          w={220}
        />
      </Group>
      <AsyncList
        answer={answer}
        isEmpty={images.length === 0}
        empty={
          filtered ? (
            <Text c="dimmed">{t('gallery.noMatch')}</Text>
          ) : (
            <Empty
              icon={<IconPhoto size={32} />}
              title={t('gallery.emptyTitle')}
              text={t('gallery.emptyText')}
              action={
                <Button component={Link} to="/graphs">
                  {t('gallery.toGraphs')}
                </Button>
              }
            />
          )
        }
      >
        <SimpleGrid cols={{ base: 2, sm: 3, md: 4, lg: 5 }} spacing="md">
          {images.map((image) => (
            <Link
              key={image.id}
              to={`/gallery/${image.id}`}
              aria-label={t('gallery.open', { name: image.name })}
              style={{ color: 'inherit', textDecoration: 'none' }}
            >
              <PictureTile image={image} />
            </Link>
          ))}
        </SimpleGrid>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}
