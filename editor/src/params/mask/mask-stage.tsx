/** The photo with the mask over it, and the hand that draws. Coordinates are pixels of the photo throughout. */
import { useElementSize } from '@mantine/hooks'
import type Konva from 'konva'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Circle, Image as KonvaImage, Layer, Line, Rect, Stage } from 'react-konva'
import { paintOverlay } from './mask-overlay.ts'
import { rectangleOf, type MaskShape, type Point } from './mask-shapes.ts'
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

const tint = '#ff6b00'
/** A click this near the first corner, in screen pixels, closes the polygon. */
const closeDistance = 12

export function MaskStage({ photo, before, shapes, tool, size, zoom, onZoom, onShape }: MaskStageProps) {
  const { t } = useTranslation()
  const { ref, width, height } = useElementSize()
  const [draft, setDraft] = useState<MaskShape | null>(null)
  const [corners, setCorners] = useState<readonly Point[]>([])
  const [cursor, setCursor] = useState<Point | null>(null)
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
    if (closes) closePolygon()
    else setCorners([...corners, point])
  }

  const closePolygon = () => {
    if (corners.length > 2) onShape({ kind: 'polygon', points: corners })
    setCorners([])
  }

  const go = (event: Konva.KonvaEventObject<PointerEvent>) => {
    const point = pointOf(event)
    if (!point) return
    setCursor(point)
    if (draft?.kind === 'stroke') setDraft({ ...draft, points: [...draft.points, point] })
    else if (draft?.kind === 'rectangle') setDraft({ ...draft, to: point })
  }

  const end = () => {
    if (draft && !isNothing(draft)) onShape(draft)
    setDraft(null)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') closePolygon()
    if (event.key === 'Escape') setCorners([])
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
      onKeyDown={onKeyDown}
    >
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
        </Layer>
      </Stage>
    </div>
  )
}

const RectOutline = ({ from, to, scale }: { from: Point; to: Point; scale: number }) => {
  const { left, top, width, height } = rectangleOf(from, to)
  return <Rect x={left} y={top} width={width} height={height} stroke={tint} strokeWidth={2 / scale} />
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
