/** Loads OpenCV (compiled to WebAssembly, 10 MB) only when somebody asks for it. */
import { createRequire } from 'node:module'

/** An OpenCV matrix: memory inside WebAssembly, which must be freed by hand. */
export interface Matrix {
  data: Uint8Array
  delete: () => void
}

/** The few functions of OpenCV that are used here. */
export interface OpenCv {
  Mat: new (rows?: number, columns?: number, type?: number) => Matrix
  CV_8UC1: number
  CV_8UC3: number
  INPAINT_TELEA: number
  INPAINT_NS: number
  inpaint: (source: Matrix, mask: Matrix, target: Matrix, radius: number, method: number) => void
}

let loading: Promise<{ openCv: OpenCv }> | null = null

/**
 * OpenCV, ready to use; loaded once per process (about half a second).
 *
 * It comes inside an object: the module is "thenable" and its `then` gives itself, so awaiting it, or returning it from
 * an async function, never ends.
 */
export function loadOpenCv(): Promise<{ openCv: OpenCv }> {
  loading ??= load()
  return loading
}

/** By `require`, not `import`: an imported module that shows its `then` (as under Vite) would hang as well. */
async function load(): Promise<{ openCv: OpenCv }> {
  const module: unknown = createRequire(import.meta.url)('@techstark/opencv-js')
  if (module === null || typeof module !== 'object')
    throw new Error('The package @techstark/opencv-js is broken.')
  if (!isOpenCv(module)) {
    await new Promise<void>((resolve) => Object.assign(module, { onRuntimeInitialized: resolve }))
  }
  if (!isOpenCv(module)) throw new Error('OpenCV was loaded but lacks the functions that filling needs.')
  return { openCv: module }
}

function isOpenCv(module: object): module is OpenCv {
  return 'Mat' in module && 'inpaint' in module && 'INPAINT_TELEA' in module && 'INPAINT_NS' in module
}
