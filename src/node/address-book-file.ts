import { readFileSync, statSync } from 'node:fs'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { isAuthentic } from '#protocols/record-signature.ts'
import { decodePeerId, decodeRecord, encodePeerId, encodeRecord } from '#protocols/values.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { knownPeers } from '#src/settings.ts'
import { replaceText } from './replace-text.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Acquaintance, Source } from '#src/core/address-book.ts'

/** Lines of an address book are damaged, or it cannot be read at all. */
export class AddressBookError extends Error {
  override readonly name = 'AddressBookError'
}

export interface Remembered {
  readonly acquaintances: readonly Acquaintance<string>[]
  /** Those with which there were links for longest. */
  readonly anchors: readonly string[]
  /** What is wrong with the rest, which was not read. */
  readonly damage: AddressBookError | undefined
}

/** A line, before it is believed. */
interface Line {
  readonly record: Omit<PeerRecord, 'signature'> & { readonly signature: string }
  readonly from: Source<string>
  readonly anchor?: true
}

const head = `# Whom this peer turns to when no seed answers: a record for each, as its owner has signed it, and who has named it.
`

/**
 * The address book of a peer from one life to the next: a line of JSON for each acquaintance. Only what its owner has signed for this
 * network is read; a line that is damaged costs itself and nothing else.
 */
export class AddressBookFile {
  readonly path: string
  readonly #network: string

  /** @param network id of the network whose records are read */
  constructor(path: string, network: string) {
    this.path = path
    this.#network = network
  }

  /** Never throws: a peer that cannot read its book can start all the same. */
  async read(): Promise<Remembered> {
    let text: string
    try {
      const { size } = statSync(this.path)
      if (size > knownPeers.fileBytesMax) throw new Error(`it has ${size} bytes, and no address book is so long`)
      text = readFileSync(this.path, 'utf8')
    } catch (error) {
      const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      const why = `nothing of it was read: ${asError(error).message}; remove it if that does not change`
      return { acquaintances: [], anchors: [], damage: isNew ? undefined : new AddressBookError(why) }
    }
    const acquaintances: Acquaintance<string>[] = []
    const anchors: string[] = []
    const mistakes: string[] = []
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '' || line.startsWith('#')) continue
      try {
        const { record, from, isAnchor } = await this.#parse(line)
        if (acquaintances.length < knownPeers.entriesMax) acquaintances.push({ record, from })
        if (isAnchor && anchors.length < knownPeers.anchorsMax) anchors.push(record.id)
      } catch (error) {
        mistakes.push(`line ${index + 1}: ${asError(error).message}`)
      }
    }
    const [first] = mistakes
    const count = mistakes.length === 1 ? '1 line was' : `${mistakes.length} lines were`
    const damage = first === undefined ? undefined : new AddressBookError(`${count} skipped; ${first}`)
    return { acquaintances, anchors, damage }
  }

  /** Puts this in the place of all that was there. @throws what the file system throws */
  async write(acquaintances: Iterable<Acquaintance<string>>, anchors: readonly string[]): Promise<void> {
    const lines = Array.from(acquaintances, ({ record, from }) => {
      const signature = toString(record.signature, 'base64')
      const line: Line = {
        record: { ...record, signature },
        from,
        ...(anchors.includes(record.id) && { anchor: true })
      }
      return `${JSON.stringify(line)}\n`
    })
    const text = head + lines.join('')
    await replaceText(this.path, before => (before === text ? undefined : text))
  }

  async #parse(text: string): Promise<Acquaintance<string> & { readonly isAnchor: boolean }> {
    const { record: written, from, anchor } = JSON.parse(text) as Line
    // By way of the wire, whose checks are as strict as is needed here.
    const record = decodeRecord(encodeRecord({ ...written, signature: fromString(written.signature, 'base64') }))
    if (from !== 'seed') decodePeerId(encodePeerId(from), 'from')
    if (!(await isAuthentic(record, this.#network)))
      throw new Error(`${record.id} has not signed this record for this network`)
    return { record, from, isAnchor: anchor === true }
  }
}
