/** Joins how an activity is told of steps to how the pipeline tells them: rough pixels become small files beside the work. */
import type { Work } from '@defect-studio/activities/inference'
import { encodePreview } from './images/encode-preview.ts'
import type { OnStep } from './pipeline/index.ts'

export function watched({ signal, onStep }: Work): { signal: AbortSignal; onStep: OnStep } {
  return {
    signal,
    onStep({ step, total, preview }) {
      onStep(step, total)
      if (!preview) return
      encodePreview(preview).then(
        (url) => url !== undefined && onStep(step, total, url),
        // A picture is not given up because nobody could see it come.
        () => undefined,
      )
    },
  }
}
