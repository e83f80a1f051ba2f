/** Tells whether a UNet's attention is one operator, which is faster, or written out as products and a softmax. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { attentionForms } from '@defect-studio/nodes'
import { readOnnxFile } from './onnx-file.ts'

export type AttentionForm = (typeof attentionForms)[number]

/** Operators of ONNX Runtime, and of ONNX itself from opset 23, that compute softmax(QKᵀ/√d)·V at once. */
const fusedOperators = [
  'com.microsoft.MultiHeadAttention',
  'com.microsoft.Attention',
  'com.microsoft.GroupQueryAttention',
  'com.microsoft.PackedMultiHeadAttention',
  'com.microsoft.QAttention',
  'Attention',
]

/**
 * A function that looks into a folder's UNet, and again only when the file has changed. One fused operator is enough:
 * exporters fuse all layers or none. A softmax alone is attention written out.
 *
 * @returns null when the file cannot be read; whoever loads it says why.
 */
export function createAttentionReader(): (folder: string) => Promise<AttentionForm | null> {
  const known = new Map<string, { seen: string; form: AttentionForm | null }>()
  return async (folder) => {
    const file = join(folder, 'unet', 'model.onnx')
    const { size, mtimeMs } = await stat(file)
    const seen = `${size} ${mtimeMs}`
    const before = known.get(file)
    if (before?.seen === seen) return before.form
    const form = await formOf(file).catch(() => null)
    known.set(file, { seen, form })
    return form
  }
}

async function formOf(file: string): Promise<AttentionForm> {
  const { operators } = await readOnnxFile(file)
  if (fusedOperators.some((name) => operators.has(name))) return 'fused'
  return operators.has('Softmax') ? 'unfused' : 'none'
}
