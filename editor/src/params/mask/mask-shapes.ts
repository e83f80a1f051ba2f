/** A mask as the strokes that made it, in pixels of the photo, so that it is exact whatever the zoom was. */

export interface Point {
  x: number
  y: number
}

export type MaskShape =
  | { kind: 'stroke'; erase: boolean; size: number; points: readonly Point[] }
  | { kind: 'rectangle'; from: Point; to: Point }
  | { kind: 'polygon'; points: readonly Point[] }

type Paint = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'stroke'
  | 'fill'
  | 'fillRect'
  | 'arc'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
>

/** Paints the shapes in order: white adds, black takes away. */
export function paintShapes(context: Paint, shapes: readonly MaskShape[]): void {
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const shape of shapes) {
    const colour = shape.kind === 'stroke' && shape.erase ? '#000' : '#fff'
    context.fillStyle = colour
    context.strokeStyle = colour
    switch (shape.kind) {
      case 'stroke':
        paintStroke(context, shape.points, shape.size)
        break
      case 'rectangle': {
        const { left, top, width, height } = rectangleOf(shape.from, shape.to)
        context.fillRect(left, top, width, height)
        break
      }
      case 'polygon':
        trace(context, shape.points)
        context.closePath()
        context.fill()
        break
    }
  }
}

function paintStroke(context: Paint, points: readonly Point[], size: number): void {
  const [first, ...more] = points
  if (!first) return
  if (more.length === 0) {
    context.beginPath()
    context.arc(first.x, first.y, size / 2, 0, 2 * Math.PI)
    context.fill()
    return
  }
  context.lineWidth = size
  trace(context, points)
  context.stroke()
}

function trace(context: Paint, points: readonly Point[]): void {
  context.beginPath()
  for (const [index, { x, y }] of points.entries())
    if (index === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
}

export function rectangleOf(from: Point, to: Point) {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  }
}
