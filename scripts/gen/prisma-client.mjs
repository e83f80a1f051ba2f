/** Makes the database client from the schema, and tells whether the committed one is what the schema says. */
import fs from 'node:fs'
import path from 'node:path'
import { execFileText } from '../exec-file.mjs'

/** Files of the client by their path below `prisma/generated`. */
export function readPrismaClient(root) {
  const folder = path.join(root, 'prisma', 'generated')
  if (!fs.existsSync(folder)) return new Map()
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
  const named = files.map((entry) => path.join(entry.parentPath, entry.name))
  return new Map(named.sort().map((file) => [path.relative(folder, file), fs.readFileSync(file, 'utf8')]))
}

/** Puts back what was there before a generation that was only a check. */
export function writePrismaClient(root, files) {
  const folder = path.join(root, 'prisma', 'generated')
  for (const name of readPrismaClient(root).keys()) {
    if (!files.has(name)) fs.rmSync(path.join(folder, name))
  }
  for (const [name, text] of files) {
    const file = path.join(folder, name)
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}

/** Writes `prisma/generated`. */
export async function generatePrismaClient(root) {
  const prisma = path.join(root, 'node_modules', 'prisma', 'build', 'index.js')
  await execFileText(
    process.execPath,
    [prisma, 'generate', '--config', path.join('prisma', 'prisma.config.ts')],
    {
      cwd: root,
      env: {
        ...process.env,
        // Generating needs no engine, yet the command wants a file of that name and would download it. Never set this
        // for migrations: they would report success and do nothing.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  )
}
