/** Which files of a model are taken, and which never: weights that are pickles can run programs when they are read. */
import { open } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { InstallError } from '@defect-studio/nodes'

/** Endings of files that are, or usually are, Python pickles. They are left out wherever they come from. */
const pickleEndings = ['.bin', '.ckpt', '.pt', '.pth', '.pkl', '.pickle', '.joblib', '.npy', '.npz', '.dill']

/** What a model is made of. ONNX weight files beside a model have any of several endings. */
const takenEndings = [
  '.onnx',
  '.safetensors',
  '.json',
  '.txt',
  '.md',
  '.onnx_data',
  '.data',
  '.pb',
  '.weights',
]

/** Why a file is left out, or null when it is taken. Judged by its name alone. */
export function whyLeftOut(path: string): 'pickle' | 'hidden' | 'unknown' | null {
  const name = basename(path).toLowerCase()
  if (path.split('/').some((part) => part.startsWith('.'))) return 'hidden'
  if (pickleEndings.includes(extname(name))) return 'pickle'
  if (takenEndings.includes(extname(name)) || /^(licen[cs]e|notice)/.test(name)) return null
  // Weights of one tensor each, as ONNX's own tools write them, are called after the tensor.
  return name.includes('onnx') ? null : 'unknown'
}

/**
 * Looks at a file's first bytes: a pickle or a zip of pickles that calls itself something else is refused.
 * @throws InstallError 'unsafe-file'
 */
export async function refuseDisguise(file: string, path: string): Promise<void> {
  // Eight bytes of a safetensors file are a length, which may look like anything; its header is checked as a whole.
  if (path.endsWith('.safetensors')) return
  const handle = await open(file)
  const head = Buffer.alloc(512)
  const { bytesRead } = await handle.read(head, 0, head.length, 0).finally(() => handle.close())
  const start = head.subarray(0, bytesRead)
  const what = startsPickle(start)
    ? 'a Python pickle'
    : startsZip(start)
      ? 'a zip, as PyTorch writes it'
      : null
  if (what === null) return
  throw new InstallError(
    'unsafe-file',
    `${path} is ${what}, whatever its name says. Reading it could run a program: install the model from safetensors or ONNX files.`,
  )
}

/** PROTO 2 … 5, then an opcode that a pickle begins with: FRAME, a container, a string, GLOBAL, or a mark. */
function startsPickle(bytes: Buffer): boolean {
  const [first, version = 0, opcode = 0] = bytes
  return (
    first === 0x80 &&
    version >= 2 &&
    version <= 5 &&
    '\x95}])(cX\x8cU\x8aKJ'.includes(String.fromCharCode(opcode))
  )
}

function startsZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))
}
