/** The reviews that wait for the member, and those of before. */
import { Anchor, Badge, SegmentedControl, Table } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems } from '../api/queries.ts'
import { useReviews } from '../api/review-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function ReviewsPage() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const [state, setState] = useState<'waiting' | 'all'>('waiting')
  const answer = useReviews(state)
  const reviews = allItems(answer.data)
  return (
    <PageFrame
      title={t('shell.pages.reviews')}
      actions={
        <SegmentedControl
          aria-label={t('shell.pages.reviews')}
          value={state}
          data={[
            { value: 'waiting', label: t('reviews.waiting') },
            { value: 'all', label: t('reviews.all') },
          ]}
          onChange={(value) => setState(value === 'all' ? 'all' : 'waiting')}
        />
      }
    >
      <AsyncList
        answer={answer}
        isEmpty={reviews.length === 0}
        empty={
          <Empty
            icon={<IconChecklist size={32} />}
            title={t('reviews.emptyTitle')}
            text={t('reviews.emptyText')}
          />
        }
      >
        <Table highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('reviews.name')}</Table.Th>
              <Table.Th>{t('reviews.graph')}</Table.Th>
              <Table.Th>{t('run.status')}</Table.Th>
              <Table.Th>{t('reviews.askedBy')}</Table.Th>
              <Table.Th>{t('reviews.since')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reviews.map((review) => (
              <Table.Tr key={review.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/reviews/${review.id}`} fw={600}>
                    {review.title}
                  </Anchor>
                </Table.Td>
                <Table.Td>{review.graphName}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={review.state === 'open' ? 'yellow' : 'gray'} mr="xs">
                    {t(`reviews.states.${review.state}`)}
                  </Badge>
                  {t('reviews.progress', { done: review.total - review.undecided, total: review.total })}
                </Table.Td>
                <Table.Td>{review.ownerNickname}</Table.Td>
                <Table.Td>{date(review.createdAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}
