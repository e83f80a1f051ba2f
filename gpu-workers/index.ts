/** The room's door: everything that makes pixels, without the process that serves it. */
export { createPipeline } from './pipeline/index.ts'
export { createStudioPipeline } from './studio-pipeline.ts'
