/** The part of the room that a GPU host may use too: bytes by key, and what a picture is. No database. */
export * from './api-store.ts'
export * from './artifact-key.ts'
export type * from './artifact-store.ts'
export * from './file-store.ts'
export { imageTypeOf } from './image-type.ts'
export * from './inspect-image.ts'
export * from './open-store.ts'
