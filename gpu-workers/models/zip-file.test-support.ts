/** Writes zips for the tests, those that no zip program would write among them (APPNOTE 6.3.10, sections 4.3.7 and 4.3.12). */
import { writeFile } from 'node:fs/promises'
import { crc32, deflateRawSync } from 'node:zlib'

export type ZipEntry = {
  name: string
  data: Uint8Array | string
  /** Unix mode with the kind of file: 0o100644 is a file, 0o120777 a link. */
  mode?: number
  deflate?: boolean
  /** What the zip says instead of the truth. */
  claims?: { size?: number; crc?: number }
}

export async function writeZip(file: string, entries: readonly ZipEntry[]): Promise<void> {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const plain = Buffer.from(entry.data)
    const packed = entry.deflate ? deflateRawSync(plain) : plain
    const name = Buffer.from(entry.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    // Names are UTF-8.
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(entry.deflate ? 8 : 0, 4)
    common.writeUInt32LE(entry.claims?.crc ?? crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(entry.claims?.size ?? plain.length, 18)
    common.writeUInt16LE(name.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6)
    rest.writeUInt32LE(at, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed])
    // 0x031e: made on Unix, so that the mode counts.
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x1e\x03'), common, rest, name]))
    parts.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  await writeFile(file, Buffer.concat([...parts, central, end]))
}
