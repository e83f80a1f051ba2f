/** What is drawn is what the mask's file says, and it is black or white. */
import { expect, it } from 'vitest'
import { paintShapes, rectangleOf } from './mask-shapes.ts'
import { toBlackAndWhite } from './render-mask.ts'

it('makes every pixel black or white, and says whether anything is marked', () => {
  const pixels = new Uint8ClampedArray([0, 0, 0, 0, 127, 127, 127, 255, 128, 128, 128, 255])
  expect(toBlackAndWhite(pixels)).toBe(true)
  expect([...pixels]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255])
  expect(toBlackAndWhite(new Uint8ClampedArray([100, 100, 100, 255]))).toBe(false)
})

it('takes a rectangle from any corner to the opposite one', () => {
  expect(rectangleOf({ x: 10, y: 2 }, { x: 4, y: 8 })).toEqual({ left: 4, top: 2, width: 6, height: 6 })
})

it('paints in the order of drawing: what is erased after is black', () => {
  const painted: string[] = []
  const context = {
    beginPath: () => {},
    moveTo: () => {},
    lineTo: () => {},
    closePath: () => {},
    arc: () => {},
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 0,
    lineCap: 'round' as const,
    lineJoin: 'round' as const,
    stroke: () => painted.push(`stroke ${context.strokeStyle} ${context.lineWidth}`),
    fill: () => painted.push(`fill ${context.fillStyle}`),
    fillRect: () => painted.push(`rectangle ${context.fillStyle}`),
  }
  const points = [
    { x: 0, y: 0 },
    { x: 5, y: 5 },
  ]
  paintShapes(context, [
    { kind: 'rectangle', from: { x: 0, y: 0 }, to: { x: 9, y: 9 } },
    { kind: 'stroke', erase: true, size: 4, points },
    { kind: 'polygon', points: [...points, { x: 0, y: 5 }] },
  ])
  expect(painted).toEqual(['rectangle #fff', 'stroke #000 4', 'fill #fff'])
})
