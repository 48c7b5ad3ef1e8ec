import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

export interface AdmissionOptions {
  /** Where the server listens; `0.0.0.0` and `::` are all addresses of the machine. */
  readonly host: string
  readonly port: number
  /** Other names by which it is reached, with a port or for every port. */
  readonly alsoKnownAs: readonly string[]
  readonly token: string
}

/**
 * Who may ask, and who may act. A page of somebody else, open in a browser on this machine, reaches loopback too: it gives itself away by
 * its origin, or, if its own name leads here, by the host that it asks for.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #token: Buffer

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#token = digest(options.token)
  }

  /** @param host the header, as it was sent */
  isOurHost(host: string | undefined): boolean {
    if (host === undefined) return false
    const asked = host.toLowerCase()
    const { alsoKnownAs, port } = this.#options
    const named = alsoKnownAs.some(name => asked === name || asked.replace(/:\d{1,5}$/, '') === name)
    return named || this.#addresses().some(own => asked === `${own}:${port}` || (port === 80 && asked === own))
  }

  /** Whether a page of this very server asks, or no page at all. */
  isSameOrigin(origin: string | undefined, host: string): boolean {
    if (origin === undefined) return true
    return [`http://${host}`, `https://${host}`].includes(origin.toLowerCase())
  }

  /** @param authorization the header, as it was sent */
  mayAct(authorization: string | undefined): boolean {
    const given = /^Bearer (?<token>\S+)$/.exec(authorization ?? '')?.groups?.['token']
    // Hashes are of one length, and whoever guesses learns nothing from the time that it takes to compare them.
    return given !== undefined && timingSafeEqual(digest(given), this.#token)
  }

  #addresses(): string[] {
    const { host } = this.#options
    const own = ['0.0.0.0', '::'].includes(host)
      ? Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address) ?? [])
      : [host]
    return ['localhost', '127.0.0.1', '[::1]', ...own.map(inUrl)]
  }
}

/** A host as it stands in an address: an IPv6 address in brackets. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase()
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
