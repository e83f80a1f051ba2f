/** The photo with the mask over it, and the hand that draws. Coordinates are pixels of the photo throughout. */
import { VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type Konva from 'konva'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Circle, Image as KonvaImage, Layer, Line, Stage } from 'react-konva'
import { moveCrosshair } from './keyboard-hand.ts'
import { Crosshair, RectOutline, tint } from './mask-marks.tsx'
import { paintOverlay } from './mask-overlay.ts'
import type { MaskShape, Point } from './mask-shapes.ts'
import type { MaskTool } from './mask-toolbar.tsx'

interface MaskStageProps {
  photo: HTMLImageElement
  before: HTMLImageElement | null
  shapes: readonly MaskShape[]
  tool: MaskTool
  size: number
  zoom: number
  onZoom: (zoom: number) => void
  onShape: (shape: MaskShape) => void
}

/** A click this near the first corner, in screen pixels, closes the polygon. */
const closeDistance = 12

export function MaskStage({ photo, before, shapes, tool, size, zoom, onZoom, onShape }: MaskStageProps) {
  const { t } = useTranslation()
  const { ref, width, height } = useElementSize()
  const [draft, setDraft] = useState<MaskShape | null>(null)
  const [corners, setCorners] = useState<readonly Point[]>([])
  const [cursor, setCursor] = useState<Point | null>(null)
  /** Where the keyboard's hand is; null while the mouse draws. */
  const [crosshair, setCrosshair] = useState<Point | null>(null)
  const [said, setSaid] = useState('')
  const helpId = useId()
  const [moved, setMoved] = useState<Point>({ x: 0, y: 0 })
  const overlay = useRef<Konva.Image>(null)
  const fit = width > 0 ? Math.min(width / photo.naturalWidth, height / photo.naturalHeight) : 1
  const scale = fit * zoom
  const origin = {
    x: (width - photo.naturalWidth * scale) / 2 + moved.x,
    y: (height - photo.naturalHeight * scale) / 2 + moved.y,
  }

  const canvas = useMemo(() => {
    const made = document.createElement('canvas')
    made.width = photo.naturalWidth
    made.height = photo.naturalHeight
    return made
  }, [photo])
  useEffect(() => {
    paintOverlay(canvas, draft ? [...shapes, draft] : shapes, before)
    tintCanvas(canvas)
    overlay.current?.getLayer()?.batchDraw()
  }, [canvas, shapes, draft, before])

  const pointOf = (event: Konva.KonvaEventObject<Event>): Point | null => {
    const at = event.target.getStage()?.getPointerPosition()
    return at ? { x: (at.x - origin.x) / scale, y: (at.y - origin.y) / scale } : null
  }

  const begin = (event: Konva.KonvaEventObject<PointerEvent>) => {
    // The keys that close or drop a polygon go to whatever has the focus.
    event.target.getStage()?.container().parentElement?.focus()
    const point = pointOf(event)
    if (!point || tool === 'move') return
    if (tool === 'brush' || tool === 'eraser')
      setDraft({ kind: 'stroke', erase: tool === 'eraser', size, points: [point] })
    else if (tool === 'rectangle') setDraft({ kind: 'rectangle', from: point, to: point })
    else addCorner(point)
  }

  const addCorner = (point: Point) => {
    const first = corners[0]
    const closes =
      first && corners.length > 2 && Math.hypot(point.x - first.x, point.y - first.y) * scale < closeDistance
    if (closes) return closePolygon()
    setCorners([...corners, point])
    setSaid(t('mask.pointSet', { count: corners.length + 1 }))
  }

  /** Two corners enclose nothing: they wait for the third. */
  const closePolygon = () => {
    if (corners.length < 3) return
    add({ kind: 'polygon', points: corners })
    setCorners([])
  }

  const add = (shape: MaskShape) => {
    onShape(shape)
    setSaid(t('mask.shapeAdded', { tool: t(`mask.tools.${tool}`) }))
  }

  const go = (event: Konva.KonvaEventObject<PointerEvent>) => {
    const point = pointOf(event)
    if (!point) return
    setCursor(point)
    setCrosshair(null)
    if (draft?.kind === 'stroke') setDraft({ ...draft, points: [...draft.points, point] })
    else if (draft?.kind === 'rectangle') setDraft({ ...draft, to: point })
  }

  const end = () => {
    if (draft && !isNothing(draft)) add(draft)
    setDraft(null)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveCrosshair(crosshair ?? cursor, event.key, event.shiftKey, canvas)
    if (next) {
      event.preventDefault()
      moveTo(next)
    } else if (event.key === 'Enter' && (draft || corners.length > 2)) {
      end()
      closePolygon()
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (crosshair) setPoint(crosshair)
    } else if (event.key === 'Escape') {
      setCorners([])
      setDraft(null)
    }
  }

  const moveTo = (point: Point) => {
    setCrosshair(point)
    setCursor(point)
    setSaid(t('mask.at', { x: Math.round(point.x), y: Math.round(point.y) }))
    if (draft?.kind === 'rectangle') setDraft({ ...draft, to: point })
  }

  /** What a press of Space does where the crosshair is. */
  const setPoint = (point: Point) => {
    if (tool === 'move') return
    if (tool === 'polygon') return addCorner(point)
    if (draft?.kind === 'rectangle') return end()
    setSaid(t('mask.pointSet', { count: draft?.kind === 'stroke' ? draft.points.length + 1 : 1 }))
    if (draft?.kind === 'stroke') setDraft({ ...draft, points: [...draft.points, point] })
    else if (tool === 'rectangle') setDraft({ kind: 'rectangle', from: point, to: point })
    else setDraft({ kind: 'stroke', erase: tool === 'eraser', size, points: [point] })
  }

  return (
    <div
      ref={ref}
      className="checkerboard"
      style={{
        height: 'calc(100vh - 220px)',
        minHeight: 240,
        borderRadius: 8,
        overflow: 'hidden',
        touchAction: 'none',
      }}
      tabIndex={0}
      role="application"
      aria-label={t('mask.stage')}
      aria-describedby={helpId}
      onKeyDown={onKeyDown}
    >
      <VisuallyHidden id={helpId}>{t('mask.keys')}</VisuallyHidden>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <Stage
        width={width}
        height={height}
        style={{ cursor: tool === 'move' ? 'grab' : 'crosshair' }}
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={end}
        onPointerLeave={() => {
          end()
          setCursor(null)
        }}
        onDblClick={closePolygon}
        onWheel={(event) => {
          event.evt.preventDefault()
          onZoom(Math.min(16, Math.max(1, zoom * (event.evt.deltaY < 0 ? 1.15 : 1 / 1.15))))
        }}
      >
        <Layer
          x={origin.x}
          y={origin.y}
          scaleX={scale}
          scaleY={scale}
          draggable={tool === 'move'}
          onDragEnd={(event) => {
            const at = event.target.position()
            setMoved({ x: moved.x + at.x - origin.x, y: moved.y + at.y - origin.y })
          }}
        >
          <KonvaImage image={photo} />
          <KonvaImage ref={overlay} image={canvas} opacity={0.55} />
          {draft?.kind === 'rectangle' && <RectOutline from={draft.from} to={draft.to} scale={scale} />}
          {corners.length > 0 && (
            <Line
              listening={false}
              points={[...corners, ...(cursor ? [cursor] : [])].flatMap(({ x, y }) => [x, y])}
              stroke={tint}
              strokeWidth={2 / scale}
            />
          )}
          {corners.map((corner, index) => (
            <Circle key={index} {...corner} radius={(index === 0 ? 6 : 4) / scale} fill={tint} />
          ))}
          {cursor && (tool === 'brush' || tool === 'eraser') && (
            <Circle {...cursor} radius={size / 2} stroke="#fff" strokeWidth={1.5 / scale} listening={false} />
          )}
          {crosshair && <Crosshair at={crosshair} scale={scale} />}
        </Layer>
      </Stage>
    </div>
  )
}

function tintCanvas(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')
  if (!context) return
  context.globalCompositeOperation = 'source-in'
  context.fillStyle = tint
  context.fillRect(0, 0, canvas.width, canvas.height)
}

/** A click without a drag draws a dot with the brush, and nothing with the rectangle. */
function isNothing(shape: MaskShape): boolean {
  return shape.kind === 'rectangle' && (shape.from.x === shape.to.x || shape.from.y === shape.to.y)
}
