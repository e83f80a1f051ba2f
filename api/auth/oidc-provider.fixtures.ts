/** A real OpenID Connect provider on a port of its own, and a browser that goes there and back; for tests. */
import { createServer, type RequestListener, type Server } from 'node:http'
import Provider from 'oidc-provider'

/** What the provider says about whoever signs in under the name. */
export type People = Record<string, Record<string, string | boolean>>

export const clientId = 'studio'
export const clientSecret = 'a secret of the client that is long enough'

/** Listens before it knows where it sends people back to: the studio wants to know its address first. */
export async function openOidcProvider(people: People) {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = await new Promise<Server>((resolve) => {
    const listening = createServer((request, response) => void answer(request, response)).listen(
      0,
      '127.0.0.1',
      () => resolve(listening),
    )
  })
  const address = server.address()
  const issuer = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  return {
    issuer,
    /** @param studio address of the studio. */
    serve(studio: string) {
      const provider = new Provider(issuer.origin, {
        clients: [
          {
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: [`${studio}/api/v1/auth/oidc/callback`],
          },
        ],
        pkce: { required: () => true },
        claims: {
          openid: ['sub'],
          email: ['email', 'email_verified'],
          profile: ['name', 'nickname', 'preferred_username'],
        },
        cookies: { keys: ['keys of a test'] },
        findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
      })
      const handle = provider.callback()
      answer = (request, response) => void handle(request, response)
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Keeps cookies for each host as a browser does, by name alone, and follows redirects one by one. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>()

  cookies(address: string): Map<string, string> {
    const { host } = new URL(address)
    const jar = this.#jars.get(host) ?? new Map<string, string>()
    this.#jars.set(host, jar)
    return jar
  }

  /** @returns the answer itself, whatever its status. */
  async go(address: string, form?: Record<string, string>): Promise<Response> {
    const jar = this.cookies(address)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(address, {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', ...value] = (set.split(';')[0] ?? '').split('=')
      if (/expires=Thu, 01 Jan 1970/i.test(set)) jar.delete(name)
      else jar.set(name, value.join('='))
    }
    return response
  }

  /** Follows redirects until somewhere answers by itself, or `until` says to stop before going on. */
  async follow(
    from: string,
    until: (address: string) => boolean = () => false,
  ): Promise<{ address: string; response: Response | null }> {
    let address = from
    for (let hops = 0; hops < 20; hops++) {
      if (until(address)) return { address, response: null }
      const response = await this.go(address)
      const location = response.headers.get('location')
      if (location === null) return { address, response }
      address = new URL(location, address).href
    }
    throw new Error(`Redirects without end at ${address}.`)
  }

  /**
   * From the studio to the provider, through its two pages.
   * @returns the address at the studio to which the provider sends back, not yet opened.
   */
  async signInElsewhere(studio: string, name: string): Promise<string> {
    const isBack = (address: string) => address.startsWith(studio) && !address.endsWith('/start')
    let place = await this.follow(`${studio}/api/v1/auth/oidc/start`, isBack)
    for (const form of [{ prompt: 'login', login: name, password: 'any' }, { prompt: 'consent' }]) {
      if (!place.response) return place.address
      const page = await place.response.text()
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? place.address
      const sent = await this.go(new URL(action, place.address).href, form)
      const next = sent.headers.get('location')
      if (next === null) throw new Error(`The provider stays at ${place.address}: ${await sent.text()}`)
      place = await this.follow(new URL(next, place.address).href, isBack)
    }
    return place.address
  }
}
