/** Every kind of node by category, found by search; a click adds one, a drag places it. */
import { categories, nodeDefinitions } from '@defect-studio/nodes'
import { ScrollArea, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NodeIcon } from '../canvas/node-icon.tsx'
import { useNodeText } from '../i18n/node-text.ts'
import classes from './palette.module.css'
import { dragType, usePlaceNode } from './use-place-node.ts'

export function Palette() {
  const { t } = useTranslation()
  const text = useNodeText()
  const place = usePlaceNode()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = nodeDefinitions.filter(({ type, title }) =>
    [type, title, text.title(type), text.description(type)].some((words) =>
      words.toLowerCase().includes(wanted),
    ),
  )
  return (
    <nav className={classes['palette']} aria-label={t('palette.name')}>
      <TextInput
        placeholder={t('palette.search')}
        aria-label={t('palette.search')}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found[0]
          if (event.key === 'Enter' && first) place(first.type)
        }}
        m="sm"
        mb={6}
        size="sm"
      />
      <ScrollArea flex={1} type="auto" scrollbarSize={6}>
        {found.length === 0 && (
          <Text size="sm" c="dimmed" px="sm" py="xs" role="status">
            {t('palette.nothing', { search })}
          </Text>
        )}
        {categories.map((category) => {
          const members = found.filter((definition) => definition.category === category)
          if (members.length === 0) return null
          return (
            <section key={category} className={classes['section']} aria-label={t(`categories.${category}`)}>
              <Text size="xs" fw={700} c="dimmed" px={6} mb={2}>
                {t(`categories.${category}`)}
              </Text>
              {members.map(({ type }) => (
                <Tooltip
                  key={type}
                  label={text.description(type)}
                  position="right"
                  multiline
                  w={240}
                  openDelay={400}
                >
                  <UnstyledButton
                    className={classes['item'] ?? ''}
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer.setData(dragType, type)
                      event.dataTransfer.effectAllowed = 'copy'
                    }}
                    onClick={() => place(type)}
                    aria-label={t('palette.add', { name: text.title(type) })}
                    style={{ '--accent': `var(--studio-category-${category})` }}
                  >
                    <NodeIcon type={type} size={18} />
                    <span>{text.title(type)}</span>
                  </UnstyledButton>
                </Tooltip>
              ))}
            </section>
          )
        })}
      </ScrollArea>
    </nav>
  )
}
