/** All pictures of a review as tiles. Arrow keys move between them, A accepts and R rejects the one that has the focus. */
import { Text, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewItem } from '../api/types.ts'
import { decisionText } from './decision-text.ts'
import { nextTile } from './next-tile.ts'
import classes from './review-grid.module.css'

interface ReviewGridProps {
  items: readonly ReviewItem[]
  /** Place of the picture that is looked at. */
  selected: number
  select: (index: number) => void
  /** Null where nothing can be decided. */
  decide: ((index: number, accepted: boolean) => void) | null
}

export function ReviewGrid({ items, selected, select, decide }: ReviewGridProps) {
  const { t } = useTranslation()
  const grid = useRef<HTMLDivElement>(null)
  const place = items.findIndex(({ index }) => index === selected)

  const canDecide = decide !== null && items.length > 0
  // Whoever comes to decide can press A or R at once; the keys belong to what has the focus (WCAG 2.1.4).
  useEffect(() => {
    const tile = canDecide ? grid.current?.querySelector('[tabindex="0"]') : null
    if (tile instanceof HTMLElement) tile.focus({ preventScroll: true })
  }, [canDecide])

  const goTo = (to: number) => {
    const item = items[to]
    if (!item) return
    select(item.index)
    const tile = grid.current?.children[to]
    if (tile instanceof HTMLElement) tile.focus()
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // By the place of the key: with a Korean keyboard it writes another letter.
    const accepted = { KeyA: true, KeyR: false }[event.code]
    const to =
      accepted === undefined
        ? nextTile(event.key, place, items.length, columnsOf(grid.current))
        : Math.min(place + 1, items.length - 1)
    if (to === null || (accepted !== undefined && !decide)) return
    event.preventDefault()
    if (accepted !== undefined) decide?.(selected, accepted)
    goTo(to)
  }
  return (
    <>
      {decide && (
        <Text size="sm" c="dimmed">
          {t('reviews.keys')}
        </Text>
      )}
      <div
        ref={grid}
        role="group"
        aria-label={t('reviews.pictures')}
        className={classes['grid']}
        onKeyDown={press}
      >
        {items.map((item) => (
          <button
            key={item.index}
            type="button"
            className={classes['tile']}
            data-decision={item.accepted === null ? 'none' : item.accepted ? 'accepted' : 'rejected'}
            aria-pressed={item.index === selected}
            aria-label={t('reviews.tile', { name: item.name, state: t(decisionText(item.accepted)) })}
            tabIndex={item.index === selected ? 0 : -1}
            onClick={() => select(item.index)}
          >
            <img src={item.image.thumbnailUrl} alt="" loading="lazy" />
            <span className={classes['mark']} aria-hidden>
              {item.accepted === true && <IconCheck size={18} />}
              {item.accepted === false && <IconX size={18} />}
            </span>
            <VisuallyHidden>{item.name}</VisuallyHidden>
          </button>
        ))}
      </div>
    </>
  )
}

/** Tiles of the first row, as the browser has laid them out. */
function columnsOf(grid: HTMLElement | null): number {
  const tiles = [...(grid?.children ?? [])].filter((tile) => tile instanceof HTMLElement)
  const top = tiles[0]?.offsetTop
  return Math.max(1, tiles.filter((tile) => tile.offsetTop === top).length)
}
