/** What is drawn over the photo only while somebody draws: outline of a rectangle, crosshair of the keyboard. */
import { Line, Rect } from 'react-konva'
import { rectangleOf, type Point } from './mask-shapes.ts'

export const tint = '#ff6b00'

/** @param scale screen pixels for one of the photo, so that lines stay as thin as they are. */
export const RectOutline = ({ from, to, scale }: { from: Point; to: Point; scale: number }) => {
  const { left, top, width, height } = rectangleOf(from, to)
  return <Rect x={left} y={top} width={width} height={height} stroke={tint} strokeWidth={2 / scale} />
}

/** Dark within white, to be seen on any photo. */
export const Crosshair = ({ at, scale }: { at: Point; scale: number }) => {
  const arm = 14 / scale
  const lines = [
    [at.x - arm, at.y, at.x + arm, at.y],
    [at.x, at.y - arm, at.x, at.y + arm],
  ]
  return [
    { stroke: '#fff', strokeWidth: 4 / scale },
    { stroke: '#111', strokeWidth: 1.5 / scale },
  ].map((look) =>
    lines.map((points, index) => <Line key={index} points={points} listening={false} {...look} />),
  )
}
