/** Reads which folders and buckets whoever runs the studio has opened to graphs; without a word nothing is open. */
import path from 'node:path'

interface Opened {
  /** The name that people choose it by. */
  name: string
  /** Only members of this department; null: of every one. */
  department: string | null
}

export interface SourceRoot extends Opened {
  /** Absolute. */
  folder: string
}

export interface SourceBucket extends Opened {
  bucket: string
  /** What every key begins with; empty, or with a slash at its end. */
  prefix: string
  region: string
  /** For servers other than Amazon's. */
  endpoint: string | null
  /** Null: what the AWS environment of the process says. */
  credentials: { accessKeyId: string; secretAccessKey: string } | null
}

export interface SourceConfig {
  roots: readonly SourceRoot[]
  buckets: readonly SourceBucket[]
}

export const noSources: SourceConfig = { roots: [], buckets: [] }

export interface SourceEnvironment {
  /** `name=/path,name@department=/path2` */
  SOURCE_ROOTS?: string | undefined
  /** `name=s3://bucket/prefix?region=…&endpoint=…`, also `name@department=s3://KEY:SECRET@bucket`. */
  SOURCE_BUCKETS?: string | undefined
}

/** @throws Error that names the variable and the entry; it never repeats an entry's address, which may hold a key. */
export function readSourceConfig(env: SourceEnvironment): SourceConfig {
  return {
    roots: entries('SOURCE_ROOTS', env.SOURCE_ROOTS, '/path').map(({ address, ...opened }) => {
      if (!path.isAbsolute(address))
        throw new Error(`SOURCE_ROOTS: "${opened.name}" needs an absolute path, as ${opened.name}=/path.`)
      return { ...opened, folder: path.resolve(address) }
    }),
    buckets: entries('SOURCE_BUCKETS', env.SOURCE_BUCKETS, 's3://bucket/prefix').map(
      ({ address, ...opened }) => ({ ...opened, ...readBucket(opened.name, address) }),
    ),
  }
}

function entries(variable: string, text: string | undefined, example: string) {
  const read = (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const at = entry.indexOf('=')
      const [name = '', ...department] = entry.slice(0, Math.max(at, 0)).split('@')
      if (
        !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(name) ||
        department.length > 1 ||
        department[0] === ''
      )
        throw new Error(
          `${variable}: entry ${index + 1} is not written name=${example} or name@department=${example}.`,
        )
      return { name, department: department[0] ?? null, address: entry.slice(at + 1).trim() }
    })
  for (const [index, one] of read.entries())
    if (read.findIndex((other) => other.name === one.name && other.department === one.department) < index)
      throw new Error(`${variable} names "${one.name}" twice.`)
  return read
}

function readBucket(name: string, address: string): Omit<SourceBucket, keyof Opened> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 's3:' || url.hostname === '')
    throw new Error(
      `SOURCE_BUCKETS: "${name}" needs an address, as ${name}=s3://bucket/prefix?region=eu-west-1.`,
    )
  const endpoint = url.searchParams.get('endpoint')
  if (endpoint !== null && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ''))
    throw new Error(`SOURCE_BUCKETS: the endpoint of "${name}" is no http or https address.`)
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: url.searchParams.get('region') ?? process.env['AWS_REGION'] ?? 'us-east-1',
    endpoint,
    credentials:
      url.username === ''
        ? null
        : {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
  }
}
