/** One review: the question, how far it is, the picture that is looked at, and all of them. */
import { Alert, Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useCloseReview, useDecide, useReview, useReviewItems } from '../api/review-queries.ts'
import type { Review } from '../api/types.ts'
import { ReviewDesk } from '../reviews/review-desk.tsx'
import { ReviewGrid } from '../reviews/review-grid.tsx'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function ReviewPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const answer = useReview(id)
  const review = answer.data
  return (
    <PageFrame
      title={review?.title ?? t('reviews.name')}
      actions={
        <Button component={Link} to="/reviews" variant="default">
          {t('reviews.back')}
        </Button>
      }
    >
      <AsyncList answer={answer} isEmpty={!review} empty={null}>
        {review && <OpenedReview review={review} />}
      </AsyncList>
    </PageFrame>
  )
}

function OpenedReview({ review }: { review: Review }) {
  const { t } = useTranslation()
  const [selected, setSelected] = useState(0)
  const list = useReviewItems(review.id, review.state === 'open')
  const decide = useDecide(review.id)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const current = items.find(({ index }) => index === selected) ?? items[0]
  const done = review.total - review.undecided
  return (
    <Stack gap="md">
      <Text style={{ whiteSpace: 'pre-wrap' }}>{review.question}</Text>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {review.graphName} · {t('reviews.progress', { done, total: review.total })} ·{' '}
          <Anchor component={Link} to={`/runs/${review.runId}`} size="sm">
            {t('reviews.run')}
          </Anchor>
        </Text>
        {review.mayDecide && <Rest review={review} />}
      </Group>
      <Progress
        value={review.total === 0 ? 100 : (100 * done) / review.total}
        aria-label={t('reviews.progress', { done, total: review.total })}
      />
      {!review.mayDecide && (
        <Alert color="gray">{t(review.state === 'open' ? 'reviews.notAsked' : 'reviews.over')}</Alert>
      )}
      {current && (
        <ReviewDesk
          key={current.index}
          item={current}
          mayDecide={review.mayDecide}
          decide={(accepted, comment) =>
            decide.mutate({ indexes: [current.index], accepted, ...(comment ? { comment } : {}) })
          }
        />
      )}
      <AsyncList answer={list} isEmpty={items.length === 0} empty={null}>
        <ReviewGrid
          items={items}
          selected={current?.index ?? 0}
          select={setSelected}
          decide={
            review.mayDecide ? (index, accepted) => decide.mutate({ indexes: [index], accepted }) : null
          }
        />
        <MoreButton list={list} />
      </AsyncList>
    </Stack>
  )
}

function Rest({ review }: { review: Review }) {
  const { t } = useTranslation()
  const close = useCloseReview(review.id)
  const ask = (undecided: 'accept' | 'reject') =>
    modals.openConfirmModal({
      title: t('reviews.restTitle'),
      children: <Text size="sm">{t('reviews.restText', { count: review.undecided })}</Text>,
      labels: {
        confirm: t(undecided === 'accept' ? 'reviews.acceptRest' : 'reviews.rejectRest'),
        cancel: t('common.cancel'),
      },
      confirmProps: { color: undecided === 'accept' ? 'teal' : 'red' },
      onConfirm: () => close.mutate(undecided),
    })
  return (
    <Group gap="xs">
      <Button variant="default" size="xs" loading={close.isPending} onClick={() => ask('accept')}>
        {t('reviews.acceptRest')}
      </Button>
      <Button variant="default" size="xs" loading={close.isPending} onClick={() => ask('reject')}>
        {t('reviews.rejectRest')}
      </Button>
    </Group>
  )
}
