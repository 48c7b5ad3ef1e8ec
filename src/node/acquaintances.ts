import { isNewer } from '#protocols/peer-record.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { UnexpectedMessageError } from '#protocols/streams/errors.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { AddressBook } from '#src/core/address-book.ts'
import { knownPeers } from '#src/settings.ts'
import { AddressBookFile } from './address-book-file.ts'
import { toPeer } from './host.ts'
import { RecordCheck } from './record-check.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { Random } from '#src/core/random.ts'
import type { Host } from './host.ts'

export interface AcquaintancesParts {
  readonly host: Host
  /** Id of the network. */
  readonly network: string
  readonly random: Random
  /** The record that the seeds announce of a peer. */
  readonly announced: (peer: string) => PeerRecord | undefined
  /** The record of a peer that the seeds have not announced: in a large network they do not announce everybody. */
  readonly lookUp: (peer: string) => Promise<PeerRecord | undefined>
  /** Whether seeds have announced the peer and none has reached it. */
  readonly isUnproven: (peer: string) => boolean
  /** Peers whose links stand, oldest first: they may ask. */
  readonly neighbours: () => readonly string[]
  /** Where the book is kept from one life to the next, if it is. */
  readonly file: string | undefined
  readonly onFault: OnFault
}

/**
 * The peers that this one knows and how they are reached: what seeds announce, and what it needs without seeds, an address book. It
 * names a few to neighbours that ask, asks neighbours itself, and keeps the book in a file.
 */
export class Acquaintances {
  readonly #parts: AcquaintancesParts
  readonly #book: AddressBook<string>
  readonly #records: RecordCheck
  readonly #file: AddressBookFile | undefined
  #anchors: readonly string[] = []
  #saving: NodeJS.Timeout | undefined
  /** What went wrong when the book was written last. */
  #trouble = ''
  #stopped = false

  constructor(parts: AcquaintancesParts) {
    const { host, network, file, onFault } = parts
    this.#parts = parts
    this.#book = new AddressBook(host.peerId.toString(), knownPeers)
    this.#records = new RecordCheck(network, peer => this.#recordOf(peer), onFault)
    this.#file = file === undefined ? undefined : new AddressBookFile(file, network)
  }

  /** Peers in the book. */
  get count(): number {
    return this.#book.size
  }

  /** Reads the book, and answers the neighbours from now on. */
  async start(): Promise<void> {
    const { host, onFault } = this.#parts
    await serveRegistration(host, (asker, request) => this.#answer(asker, request), onFault)
    if (this.#file === undefined) return
    const { acquaintances, anchors, damage } = await this.#file.read()
    for (const { record, from } of acquaintances) this.#book.note(record, from)
    this.#anchors = anchors
    if (damage !== undefined) onFault(this.#file.path, 'the address book', damage)
    this.#saveAfter(knownPeers.firstSaveMs)
  }

  /** A seed stands for this record. */
  note(record: PeerRecord): void {
    this.#book.note(record, 'seed')
  }

  /** The seeds have taken the peer back, if they have not announced it anew meanwhile. */
  forget(peer: string): void {
    if (this.#parts.announced(peer) === undefined) this.#book.forget(peer)
  }

  failed(peer: string): void {
    this.#book.failed(peer)
  }

  reached(peer: string): void {
    this.#book.reached(peer)
  }

  /** Where a peer says that it is; nothing, if nobody has its record. */
  async addressesOf(peer: string): Promise<readonly string[]> {
    const record = this.#recordOf(peer) ?? (await this.#parts.lookUp(peer))
    return record?.addresses ?? []
  }

  /** Where to ask for a link. A referral brings a name only: whom no seed has reached, or of whom there is no record, is not dialled. */
  async addressesToAsk({ id, addresses }: Pick<PeerRecord, 'id' | 'addresses'>): Promise<readonly string[]> {
    if (addresses.length > 0) return addresses
    if (!this.#parts.isUnproven(id)) return this.addressesOf(id)
    // A seed may have reached it since, and gives nobody out whom it has not.
    const record = await this.#parts.lookUp(id)
    return record?.addresses ?? []
  }

  /** Where the peer is, as far as it is known here and some seed has reached it there: enough to dial it on a neighbour's word. */
  provenAddressesOf(peer: string): readonly string[] {
    return this.#parts.isUnproven(peer) ? [] : (this.#recordOf(peer)?.addresses ?? [])
  }

  /** Whom this peer itself would turn to, the most hopeful first; its neighbours it has. */
  recall(): PeerRecord[] {
    const { answerRecordsMax, entriesMax } = knownPeers
    const linked = new Set(this.#parts.neighbours())
    const recalled = this.#book.recall(entriesMax, this.#anchors, this.#parts.random)
    return recalled.filter(({ id }) => !linked.has(id)).slice(0, answerRecordsMax)
  }

  /** Asks a neighbour whom it knows. Nobody, if it does not answer or breaks the protocol. */
  async consult(neighbour: string): Promise<PeerRecord[]> {
    const { host, onFault } = this.#parts
    try {
      const open = toPeer(host, neighbour, async () => this.addressesOf(neighbour))
      const reply = await requestRegistration(open, { type: 'list' })
      if (reply.type !== 'list') throw new UnexpectedMessageError(`${reply.type} in answer to list`)
      const { answerRecordsMax } = knownPeers
      if (reply.records.length > answerRecordsMax)
        throw new UnexpectedMessageError(`${reply.records.length} records, a peer gives ${answerRecordsMax} at most`)
      const records = await this.#records.authentic(neighbour, registrationProtocol, reply.records)
      for (const record of records) this.#book.note(record, neighbour)
      return records
    } catch (error) {
      onFault(neighbour, registrationProtocol, asError(error))
      return []
    }
  }

  /** Writes the book, if there is a file for it. Trouble is told of once. */
  async save(): Promise<void> {
    clearTimeout(this.#saving)
    if (this.#file === undefined) return
    const { neighbours, announced } = this.#parts
    const longest = neighbours().slice(0, knownPeers.anchorsMax)
    // Whoever has lost all neighbours needs those that it had.
    if (longest.length > 0) this.#anchors = longest
    for (const peer of longest) {
      const record = announced(peer)
      // In a large network it may have been the oldest entry, and gone.
      if (record !== undefined) this.#book.note(record, 'seed')
    }
    try {
      await this.#file.write(this.#book.acquaintances(), this.#anchors)
      this.#trouble = ''
    } catch (error) {
      const { message } = asError(error)
      if (message !== this.#trouble) this.#parts.onFault(this.#file.path, 'the address book', asError(error))
      this.#trouble = message
    }
  }

  /** Writes nothing more. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#saving)
  }

  #saveAfter(ms: number): void {
    if (this.#stopped) return
    const saveAndGoOn = (): void => void this.save().then(() => this.#saveAfter(knownPeers.saveMs))
    this.#saving = setTimeout(saveAndGoOn, ms).unref()
  }

  #recordOf(peer: string): PeerRecord | undefined {
    const announced = this.#parts.announced(peer)
    const noted = this.#book.get(peer)
    if (announced === undefined || noted === undefined) return announced ?? noted
    return isNewer(noted, announced) ? noted : announced
  }

  #answer(asker: string, { type }: RegistrationRequest): RegistrationReply {
    if (type !== 'list') throw new UnexpectedMessageError(`${type} to a peer, which registers nobody`)
    if (!this.#parts.neighbours().includes(asker)) return { type: 'list', records: [], total: 0 }
    const records = this.#book.nameTo(asker, this.#parts.random, performance.now())
    return { type: 'list', records, total: this.#book.size }
  }
}
