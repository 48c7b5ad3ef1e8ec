import { multiaddr } from '@multiformats/multiaddr'
import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { signingKey } from '#protocols/signing.ts'
import { createHost } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import type { Connection, Ed25519PrivateKey } from '@libp2p/interface'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { OpenStream } from '#protocols/streams/exchange.ts'
import type { Host } from '#src/node/host.ts'

/** A peer as far as seeds see one: it says what it is told to, and nothing by itself, so a seed that forgets it is found out. */
export class Registrant {
  readonly name: string
  readonly #host: Host
  readonly #key: Ed25519PrivateKey
  readonly #network: string
  /** By label of the seed. */
  readonly #connections = new Map<string, Connection>()

  private constructor(name: string, host: Host, key: Ed25519PrivateKey, network: string) {
    this.name = name
    this.#host = host
    this.#key = key
    this.#network = network
  }

  /** @param labels of all seeds of the network */
  static async of(name: string, labels: readonly string[]): Promise<Registrant> {
    const key = await newKey()
    const host = await createHost({ key, listen: [], connectionsMax: 16, onFault: () => {} })
    return new Registrant(name, host, key, networkId(labels))
  }

  /** Asks a seed over a new connection or the one that there is. @throws when it does not answer */
  async ask(label: string, request: RegistrationRequest): Promise<RegistrationReply> {
    const [ip, port] = label.split(':')
    const open: OpenStream = async (protocol, signal) => {
      let connection = this.#connections.get(label)
      if (connection?.status !== 'open') {
        connection = await this.#host.dial(multiaddr(`/ip4/${ip}/tcp/${port}`), { signal })
        this.#connections.set(label, connection)
      }
      return connection.newStream([protocol], { signal })
    }
    return requestRegistration(open, request)
  }

  async reserve(label: string): Promise<RegistrationReply> {
    return this.ask(label, { type: 'reserve', name: this.name, network: this.#network })
  }

  /** Registers, after `reserve`. */
  async register(label: string): Promise<RegistrationReply> {
    const id = this.#host.peerId.toString()
    const content = { id, name: this.name, addresses: [], epoch: 1, seq: 1 }
    return this.ask(label, { type: 'register', record: signRecord(content, this.#network, signingKey(this.#key.raw)) })
  }

  /** Both, one after another. @returns `registered`, or why not */
  async enrol(label: string): Promise<string> {
    const reserved = await this.reserve(label)
    const reply = reserved.type === 'reserved' ? await this.register(label) : reserved
    return reply.type === 'refused' ? reply.reason : reply.type
  }

  async renew(label: string): Promise<RegistrationReply> {
    return this.ask(label, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] })
  }

  /** The names that a seed lists, sorted: all of them, in a network of up to 256. */
  async namesAt(label: string): Promise<string[]> {
    const reply = await this.ask(label, { type: 'list' })
    if (reply.type !== 'list') throw new Error(`${label} answered ${reply.type}`)
    return reply.records.map(({ name }) => name).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host.stop()
  }
}

/** Which seeds do not list exactly these names, after a while; nothing when all is well. */
export async function incomplete(
  labels: readonly string[],
  names: readonly string[],
  deadlineMs: number
): Promise<string[]> {
  await using asker = await Registrant.of('asker', labels)
  const wanted = names.toSorted().join()
  const end = performance.now() + deadlineMs
  for (;;) {
    const lists = await Promise.all(labels.map(async label => asker.namesAt(label).catch(() => ['no answer'])))
    const wrong = labels.flatMap((label, index) =>
      lists[index]?.join() === wanted ? [] : [`${label} lists ${lists[index]?.join(' ')}`]
    )
    if (wrong.length === 0 || performance.now() > end) return wrong
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

/** Those of these, all of whom a seed has registered, whom it has forgotten. */
export async function forgotten(registrants: readonly Registrant[], label: string): Promise<string[]> {
  const lost: string[] = []
  for (const registrant of registrants) {
    // A machine that does much else may let a handshake wait for too long; that says nothing.
    const { type } = await registrant.renew(label).catch(async () => registrant.renew(label))
    if (type !== 'registered') lost.push(`${registrant.name} was forgotten`)
  }
  return lost
}
