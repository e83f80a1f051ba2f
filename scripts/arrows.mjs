/** Which room may import what, and the two checks over it: no forbidden import, no import cycle. */
import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'

const WORKSPACE = '@defect-studio/'
const BUILT_INS = new Set(builtinModules)

/**
 * Per room: other rooms, packages from npm (`*` at the end takes all that begin so), and Node itself.
 * `only` narrows a right to some files of the room, `typesOf` allows what leaves no trace at run time.
 */
const RULES = {
  nodes: { rooms: [], packages: ['zod'], node: false },
  workflows: {
    rooms: ['nodes'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    node: false,
    // Run by hand against a server, never part of the workflows.
    only: { 'record-histories.ts': ['*'] },
  },
  activities: {
    rooms: ['nodes', 'stores', 'prisma'],
    packages: ['@temporalio/activity', '@temporalio/worker', '@temporalio/common', 'zod', 'pino'],
    node: true,
    only: {
      // Names the workflows' queues and bundle; it runs none of their code.
      'worker.ts': ['@temporalio/client', '@defect-studio/workflows'],
      // Walks a plan as the workflow will, as far as that needs nobody's help.
      'graph-books.ts': ['@defect-studio/workflows/walk-ahead'],
      // Loaded only where traces are asked for; of the workflows it knows what they tell.
      'telemetry.ts': ['@opentelemetry/*', '@defect-studio/workflows/trace-headers'],
    },
  },
  'gpu-workers': {
    rooms: ['nodes', 'activities/inference', 'stores/artifacts'],
    packages: ['onnxruntime-node', 'sharp', '@techstark/opencv-js', 'yauzl', 'zod', 'pino'],
    node: true,
    only: { 'worker.ts': ['@temporalio/*'] },
  },
  api: {
    rooms: ['nodes', 'stores', 'prisma', 'workflows'],
    packages: ['*'],
    node: true,
    never: [
      '@temporalio/worker',
      '@temporalio/activity',
      '@temporalio/workflow',
      'onnxruntime-node',
      'react*',
    ],
  },
  stores: {
    rooms: ['prisma', 'nodes'],
    packages: ['*'],
    node: true,
    never: ['express', '@temporalio/*', 'onnxruntime-node', 'react*'],
  },
  prisma: { rooms: [], packages: ['@prisma/*', 'prisma/*', 'pg'], node: true },
  cli: {
    rooms: ['nodes'],
    packages: ['*'],
    node: true,
    never: ['@temporalio/*', '@prisma/*', 'pg', 'express', 'onnxruntime-node', 'react*'],
  },
  editor: {
    rooms: ['nodes'],
    packages: ['*'],
    node: false,
    never: ['@temporalio/*', '@prisma/*', 'pg', 'express', 'onnxruntime-node', 'sharp'],
    // The build's own settings run in Node.
    only: { 'vite.config.ts': ['node:*'] },
  },
}

/** @returns {string[]} one sentence for each import that its room may not have, and for each cycle. */
export function checkArrows(root) {
  const imports = Object.keys(RULES).flatMap((room) => importsOfRoom(root, room))
  return [...imports.flatMap((entry) => forbidden(entry)), ...cycles(root, imports)]
}

/** Sentence about one import, or nothing. */
export function forbidden({ room, file, specifier }) {
  const rules = RULES[room]
  const local = file.slice(room.length + 1)
  const name = packageName(room, file, specifier)
  if (name === undefined || (rules.only?.[local] ?? []).some((pattern) => matches(pattern, name))) return []
  const refused = (why) => [`${file} imports "${specifier}": ${why}`]
  if (name.startsWith('node:')) return rules.node ? [] : refused(`${room} runs where Node's modules are not.`)
  if (name.startsWith(WORKSPACE)) {
    const target = name.slice(WORKSPACE.length)
    const isAllowed = rules.rooms.some((allowed) => target === allowed || target.startsWith(`${allowed}/`))
    return isAllowed ? [] : refused(`${room} may import ${rules.rooms.join(', ') || 'no other room'}.`)
  }
  if ((rules.never ?? []).some((pattern) => matches(pattern, name)))
    return refused(`that belongs to another room.`)
  return rules.packages.some((pattern) => matches(pattern, name))
    ? []
    : refused(`${room} may import ${rules.packages.join(', ')}.`)
}

/** What an import means from outside of the file: undefined for a file of the same room. */
function packageName(room, file, specifier) {
  if (BUILT_INS.has(specifier)) return `node:${specifier}`
  if (!specifier.startsWith('.')) return specifier
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
  // The example graphs are data, for whoever shows or runs them.
  return target.startsWith(`${room}/`) || target.startsWith('examples/')
    ? undefined
    : `${WORKSPACE}${target.replace(/(\/index)?\.tsx?$/, '')}`
}

function matches(pattern, name) {
  if (pattern === '*') return true
  return pattern.endsWith('*')
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern || name.startsWith(`${pattern}/`)
}

/** Imports of every source file of a room, tests apart: a test may use whatever proves its point. */
function importsOfRoom(root, room) {
  return sources(path.join(root, room)).flatMap((absolute) => {
    const file = path.relative(root, absolute).split(path.sep).join('/')
    return importsIn(fs.readFileSync(absolute, 'utf8')).map((entry) => ({ room, file, ...entry }))
  })
}

function sources(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'generated', '__generated__', 'e2e'].includes(entry.name)
        ? []
        : sources(file)
    }
    return /\.tsx?$/.test(entry.name) && !/\.(test|test-support|fixtures)\.tsx?$/.test(entry.name)
      ? [file]
      : []
  })
}

const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

/** @returns {{ specifier: string, isType: boolean }[]} static and dynamic imports and re-exports of a source text. */
export function importsIn(text) {
  return [...text.matchAll(IMPORT)].map(([, type, fixed, dynamic]) => ({
    specifier: fixed ?? dynamic,
    isType: type !== undefined,
  }))
}

/** Files that import each other in a ring; imports of types alone vanish and make none. */
function cycles(root, imports) {
  const edges = new Map()
  for (const { file, specifier, isType } of imports) {
    if (isType || !specifier.startsWith('.')) continue
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
    if (fs.existsSync(path.join(root, target))) edges.set(file, [...(edges.get(file) ?? []), target])
  }
  return findCycles(edges).map((ring) => `Import cycle: ${ring.join(' → ')}`)
}

/** @param {Map<string, string[]>} edges @returns {string[][]} one ring per cycle found, its first file repeated at the end */
export function findCycles(edges) {
  const done = new Set()
  const trail = []
  const found = []
  const visit = (file) => {
    const at = trail.indexOf(file)
    if (at >= 0) return found.push([...trail.slice(at), file])
    if (done.has(file)) return undefined
    trail.push(file)
    for (const target of edges.get(file) ?? []) visit(target)
    trail.pop()
    return done.add(file)
  }
  for (const file of edges.keys()) visit(file)
  return found
}
