/** Reads of an ONNX file what can be known without loading it: its operators, and the weight files that it names. */
import { open, type FileHandle } from 'node:fs/promises'
import { InstallError } from '@defect-studio/nodes'

/** A piece of a weight file beside the model. */
export type ExternalWeights = { location: string; offset: number; length: number | null }

export type OnnxFacts = {
  /** Names of the operators, `MatMul` or `com.microsoft.MultiHeadAttention`; those of nested graphs included. */
  operators: ReadonlySet<string>
  externalWeights: ExternalWeights[]
}

/**
 * Which fields of which messages are looked into (onnx.proto3 of ONNX 1.19); all others are stepped over unread, so a file
 * of gigabytes takes milliseconds.
 */
const messages = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  function: { 7: 'node' },
  node: { 4: 'operator', 5: 'attribute', 7: 'domain' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'external' },
  external: { 1: 'key', 2: 'value' },
} as const satisfies Record<string, Record<number, string>>

type Message = keyof typeof messages
/** Fields that are texts, by name. */
type Texts = Record<string, string>

// An operator's name, a path: what is longer is no such text.
const LONGEST_TEXT = 4096
// A varint of 64 bits.
const LONGEST_NUMBER = 10
// Graphs nest in the attributes of control flow: one level in practice.
const DEEPEST = 32

/** @throws InstallError 'damaged-file' when the file is no ONNX model or ends too early. */
export async function readOnnxFile(file: string): Promise<OnnxFacts> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const facts = { operators: new Set<string>(), externalWeights: new Map<string, ExternalWeights>() }
    const reader = createReader(handle, size, file)
    await readMessage(reader, 'model', 0, size, facts, 0)
    if (facts.operators.size === 0) throw noModel(file, 'it has no operators')
    return { operators: facts.operators, externalWeights: [...facts.externalWeights.values()] }
  } finally {
    await handle.close()
  }
}

type Found = { operators: Set<string>; externalWeights: Map<string, ExternalWeights> }

async function readMessage(
  reader: Reader,
  message: Message,
  from: number,
  to: number,
  found: Found,
  depth: number,
): Promise<Texts> {
  if (depth > DEEPEST) throw noModel(reader.file, 'its graphs are nested too deeply')
  const fields: Record<number, string> = messages[message]
  const texts: Texts = {}
  const external: Texts = {}
  let at = from
  while (at < to) {
    const tag = await reader.number(at, to)
    const field = Math.floor(tag.value / 8)
    const value = await reader.skip(tag.next, to, tag.value % 8)
    const name = value.isBytes ? fields[field] : undefined
    if (name && name in messages) {
      const inner = await readMessage(reader, name as Message, value.from, value.to, found, depth + 1)
      if (name === 'external' && inner['key'] !== undefined) external[inner['key']] = inner['value'] ?? ''
    } else if (name) texts[name] = await reader.text(value.from, value.to)
    at = value.to
  }
  if (message === 'node') addOperator(texts, found)
  if (message === 'tensor' && external['location'] !== undefined) addExternal(external, found, reader.file)
  return texts
}

function addOperator({ operator, domain }: Texts, { operators }: Found): void {
  if (operator) operators.add(domain && domain !== 'ai.onnx' ? `${domain}.${operator}` : operator)
}

function addExternal({ location = '', offset, length }: Texts, found: Found, file: string): void {
  const piece = {
    location,
    offset: Number(offset ?? 0),
    length: length === undefined ? null : Number(length),
  }
  if (!Number.isSafeInteger(piece.offset) || !(piece.length === null || Number.isSafeInteger(piece.length)))
    throw noModel(file, `it names a strange place in ${location}`)
  // Of each file the piece that ends last says how large the file must be.
  const before = found.externalWeights.get(location)
  if (!before || endOf(piece) > endOf(before)) found.externalWeights.set(location, piece)
}

export const endOf = ({ offset, length }: ExternalWeights): number => offset + (length ?? 0)

type Reader = ReturnType<typeof createReader>

/** Numbers and lengths in protobuf's wire format, read through a window of the file. */
function createReader(handle: FileHandle, size: number, file: string) {
  const window = Buffer.alloc(256 * 1024)
  let start = 0
  let filled = 0

  /** Bytes from `at` on in the window: at least `wanted`, or all that the file has left. */
  async function load(at: number, wanted: number): Promise<Buffer> {
    const end = Math.min(at + wanted, size)
    if (at < start || end > start + filled) {
      start = at
      filled = (await handle.read(window, 0, Math.min(window.length, size - at), at)).bytesRead
    }
    if (start + filled < end || end <= at) throw cutOff(file)
    return window.subarray(at - start, filled)
  }

  /** A varint; numbers beyond 2^53 lose their last digits, which no length or tag has. */
  async function number(at: number, to: number): Promise<{ value: number; next: number }> {
    const bytes = await load(at, LONGEST_NUMBER)
    let value = 0
    for (let i = 0; i < LONGEST_NUMBER; i++) {
      const part = bytes[i]
      if (at + i >= to || part === undefined) throw cutOff(file)
      value += (part & 0x7f) * 2 ** (7 * i)
      if (part < 0x80) return { value, next: at + i + 1 }
    }
    throw noModel(file, 'it is not in the format of ONNX')
  }

  return {
    file,
    number,
    /** Steps over one value. Bytes are not read. */
    async skip(
      at: number,
      to: number,
      wire: number,
    ): Promise<{ from: number; to: number; isBytes: boolean }> {
      if (wire === 0) return { from: at, to: (await number(at, to)).next, isBytes: false }
      const length = wire === 1 ? 8 : wire === 5 ? 4 : undefined
      if (length === undefined && wire !== 2) throw noModel(file, 'it is not in the format of ONNX')
      const given = length === undefined ? await number(at, to) : { value: length, next: at }
      const end = given.next + given.value
      if (end > to) throw cutOff(file)
      return { from: given.next, to: end, isBytes: wire === 2 }
    },
    async text(from: number, to: number): Promise<string> {
      if (to - from > LONGEST_TEXT) throw noModel(file, 'a name in it is too long')
      if (from === to) return ''
      return (await load(from, to - from)).toString('utf8', 0, to - from)
    },
  }
}

function cutOff(file: string): InstallError {
  return new InstallError(
    'damaged-file',
    `${file} is cut off or damaged: it announces more bytes than it has. Copy or download it again.`,
  )
}

function noModel(file: string, why: string): InstallError {
  return new InstallError('damaged-file', `${file} is no ONNX model: ${why}. Copy or download it again.`)
}
