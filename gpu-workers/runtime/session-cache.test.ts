/** The cache's promises: one load for many callers, eviction by bytes, nothing in use ever disposed of. */
import { describe, expect, it } from 'vitest'
import { createSessionCache, type Cached } from './session-cache.ts'

function createLoader() {
  const log: string[] = []
  const load = (name: string, bytes: number) => (): Promise<Cached & { name: string }> => {
    log.push(`load ${name}`)
    return Promise.resolve({ name, bytes, dispose: () => Promise.resolve(void log.push(`dispose ${name}`)) })
  }
  return { log, load }
}

describe('createSessionCache', () => {
  it('loads a model once for callers at the same time and after', async () => {
    const { log, load } = createLoader()
    const cache = createSessionCache(100)
    const leases = await Promise.all([cache.acquire('a', load('a', 10)), cache.acquire('a', load('a', 10))])
    leases.forEach((lease) => lease.release())
    await cache.acquire('a', load('a', 10))
    expect(log).toEqual(['load a'])
  })

  it('lets the longest unused model go when the budget is full', async () => {
    const { log, load } = createLoader()
    const cache = createSessionCache(100)
    for (const name of ['a', 'b', 'a', 'c']) (await cache.acquire(name, load(name, 50))).release()
    expect(log).toEqual(['load a', 'load b', 'load c', 'dispose b'])
    expect(cache.state().map((entry) => entry.key)).toEqual(['a', 'c'])
  })

  it('never disposes of a model in use', async () => {
    const { log, load } = createLoader()
    const cache = createSessionCache(60)
    const a = await cache.acquire('a', load('a', 50))
    const b = await cache.acquire('b', load('b', 50))
    expect(log).not.toContain('dispose a')
    a.release()
    b.release()
    await cache.acquire('c', load('c', 50))
    expect(log).toContain('dispose a')
    expect(log).toContain('dispose b')
  })

  it('makes room when it is asked to, but for what is in use', async () => {
    const { log, load } = createLoader()
    const cache = createSessionCache(100)
    for (const name of ['a', 'b', 'c']) (await cache.acquire(name, load(name, 20))).release()
    const lease = await cache.acquire('b', load('b', 20))
    expect(cache.bytes()).toBe(60)
    await cache.letGo(40)
    expect(log.at(-1)).toBe('dispose a')
    await cache.letGo(0)
    expect(cache.state()).toEqual([{ key: 'b', bytes: 20, inUse: 1 }])
    lease.release()
    expect(cache.state()).toEqual([{ key: 'b', bytes: 20, inUse: 0 }])
  })

  it('tries again after a load that failed', async () => {
    const { load } = createLoader()
    const cache = createSessionCache<Cached & { name: string }>(100)
    await expect(cache.acquire('a', () => Promise.reject(new Error('half a file')))).rejects.toThrow(
      'half a file',
    )
    expect((await cache.acquire('a', load('a', 1))).value.name).toBe('a')
  })

  it('disposes of everything at the end', async () => {
    const { log, load } = createLoader()
    const cache = createSessionCache(100)
    await cache.acquire('a', load('a', 1))
    await cache.dispose()
    expect(log).toEqual(['load a', 'dispose a'])
    expect(cache.state()).toEqual([])
  })
})
