/** Loads OpenCV (compiled to WebAssembly, 10 MB) only when somebody asks for it. */

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

async function load(): Promise<{ openCv: OpenCv }> {
  const loaded: unknown = await import('@techstark/opencv-js')
  const module = emscriptenModule(loaded)
  if (!isOpenCv(module)) await new Promise<void>((resolve) => (module.onRuntimeInitialized = resolve))
  if (!isOpenCv(module)) throw new Error('OpenCV was loaded but lacks the functions that Telea needs.')
  return { openCv: module }
}

function emscriptenModule(loaded: unknown): { onRuntimeInitialized?: () => void } {
  if (loaded !== null && typeof loaded === 'object' && 'default' in loaded) {
    const module = loaded.default
    if (module !== null && typeof module === 'object') return module
  }
  throw new Error('OpenCV could not be loaded: the package @techstark/opencv-js has an unknown shape.')
}

function isOpenCv(module: object): module is OpenCv {
  return 'Mat' in module && 'inpaint' in module && 'INPAINT_TELEA' in module
}
