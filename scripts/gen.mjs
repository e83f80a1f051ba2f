/** `npm run gen` writes every generated file that is committed; with `--check` it only says which are not up to date. */
import fs from 'node:fs'
import path from 'node:path'
import { prepare, ROOT } from './prepare.mjs'

await prepare()
const { catalogueIndex } = await import('./gen/catalogue-index.mjs')
const { openapiTypes } = await import('./gen/openapi-types.mjs')
const { generatePrismaClient, readPrismaClient, writePrismaClient } = await import('./gen/prisma-client.mjs')

const isCheck = process.argv.includes('--check')
const stale = []

try {
  generate('nodes/catalogue/index.ts', catalogueIndex(path.join(ROOT, 'nodes', 'catalogue')))
  await prismaClient()
  const types = await openapiTypes(ROOT)
  generate('editor/src/api/__generated__/openapi.ts', types)
  generate('cli/__generated__/openapi.ts', types)
  if (isCheck && stale.length > 0) {
    throw new Error(`Not up to date: ${stale.join(', ')}. Run "npm run gen" and commit what it writes.`)
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

function generate(name, text) {
  const file = path.join(ROOT, name)
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return
  stale.push(name)
  if (isCheck) return
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
  console.log(`written: ${name}`)
}

async function prismaClient() {
  const before = readPrismaClient(ROOT)
  await generatePrismaClient(ROOT)
  const after = readPrismaClient(ROOT)
  const isSame = before.size === after.size && [...after].every(([name, text]) => before.get(name) === text)
  if (isSame) return
  stale.push('prisma/generated')
  if (isCheck) writePrismaClient(ROOT, before)
  else console.log('written: prisma/generated')
}
