/** The part of the room that a GPU host uses: activities that need a pipeline and an artifact store, no database. */
export * from '../run-calls.ts'
export * from '../serve-queues.ts'
export * from './create-inference-activities.ts'
export * from './device-lock.ts'
export * from './serve-device.ts'
export type * from './pipeline.ts'
export type * from './progress.ts'
