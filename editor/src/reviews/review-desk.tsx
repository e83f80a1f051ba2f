/** The picture that is looked at now, large, with its buttons and a comment. */
import { Button, Group, Image, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewItem } from '../api/types.ts'
import { decisionText } from './decision-text.ts'

interface ReviewDeskProps {
  item: ReviewItem
  mayDecide: boolean
  decide: (accepted: boolean, comment: string) => void
}

export function ReviewDesk({ item, mayDecide, decide }: ReviewDeskProps) {
  const { t } = useTranslation()
  const [comment, setComment] = useState(item.comment ?? '')
  return (
    <Paper withBorder p="md" bg="var(--studio-card)">
      <Stack gap="sm">
        <Image src={item.image.url} alt={item.name} fit="contain" mah="45vh" />
        <Group justify="space-between">
          <div>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {item.name}
            </Text>
            <Text size="sm" c="dimmed">
              {t(decisionText(item.accepted))}
              {item.decidedBy === null ? '' : ` · ${t('reviews.by', { name: item.decidedBy })}`}
              {item.made?.prompt ? ` · ${item.made.prompt}` : ''}
            </Text>
          </div>
          {mayDecide && (
            <Group gap="xs">
              <TextInput
                aria-label={t('reviews.comment', { name: item.name })}
                placeholder={t('reviews.comment', { name: item.name })}
                maxLength={1000}
                value={comment}
                onChange={(event) => setComment(event.currentTarget.value)}
                w={280}
              />
              <Button color="teal" onClick={() => decide(true, comment)}>
                {t('reviews.accept')}
              </Button>
              <Button color="red" onClick={() => decide(false, comment)}>
                {t('reviews.reject')}
              </Button>
            </Group>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}
