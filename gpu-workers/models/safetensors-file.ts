/** Checks that a safetensors file is whole and only tensors: its header accounts for every byte. */
import { open } from 'node:fs/promises'
import { InstallError } from '@defect-studio/nodes'
import { z } from 'zod'

/** Bytes of one element, by the names of the format (safetensors 0.5). Those of part of a byte are not served. */
const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
}

const Header = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
)

// What the format's own reader takes at most.
const LARGEST_HEADER = 100_000_000

/** @throws InstallError 'damaged-file' when a tensor is not where the header says, or bytes are missing or left over. */
export async function checkSafetensors(file: string): Promise<void> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const prefix = Buffer.alloc(8)
    if ((await handle.read(prefix, 0, 8, 0)).bytesRead < 8)
      throw damaged(file, 'it is shorter than its header')
    const length = Number(prefix.readBigUInt64LE())
    if (length > LARGEST_HEADER || 8 + length > size) throw damaged(file, 'it is shorter than its header')
    const text = Buffer.alloc(length)
    await handle.read(text, 0, length, 8)
    checkTensors(file, readHeader(file, text.toString('utf8')), size - 8 - length)
  } finally {
    await handle.close()
  }
}

function readHeader(file: string, text: string): z.infer<typeof Header> {
  try {
    const { __metadata__: _, ...tensors } = z.record(z.string(), z.unknown()).parse(JSON.parse(text))
    return Header.parse(tensors)
  } catch (error) {
    throw damaged(file, 'its header cannot be read', error)
  }
}

/** Tensors must follow each other without gaps, from the first byte to the last, as the format demands. */
function checkTensors(file: string, tensors: z.infer<typeof Header>, bytes: number): void {
  let at = 0
  const inOrder = Object.entries(tensors).toSorted(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of inOrder) {
    // prettier-ignore
    const size = elementBytes[dtype]
    if (size === undefined) throw damaged(file, `"${name}" has the type ${dtype}, which is not known`)
    if (from !== at || to - from !== size * shape.reduce((product, side) => product * side, 1))
      throw damaged(file, `"${name}" is not as large as its shape says`)
    at = to
  }
  if (at > bytes) throw damaged(file, `it ends after ${bytes} of ${at} bytes of weights`)
  if (at < bytes) throw damaged(file, `${bytes - at} bytes at its end belong to no tensor`)
}

function damaged(file: string, why: string, cause?: unknown): InstallError {
  return new InstallError(
    'damaged-file',
    `${file} is cut off or damaged: ${why}. Copy or download it again.`,
    { cause },
  )
}
