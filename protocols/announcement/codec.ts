import * as wire from './generated/announcement.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import {
  decodeNetworkId,
  decodePeerId,
  decodeRecord,
  decoding,
  encodeNetworkId,
  encodePeerId,
  encodeRecord,
  kebab,
  screaming
} from '../values.ts'
import { digestBuckets } from './messages.ts'
import type { Announcement, Digest, Follow, OtherNetwork, RemovalReason } from './messages.ts'

const digestSumBytes = 6

export function encodeFollow({ network, part = false, digest = [] }: Follow): Uint8Array {
  return wire.Follow.encode({ network: encodeNetworkId(network), part, digest: encodeDigest(digest) })
}

/** @throws {MalformedMessageError} */
export function decodeFollow(bytes: Uint8Array): Follow {
  return decoding('follow', () => {
    const { network, part, digest } = wire.Follow.decode(bytes)
    return {
      network: decodeNetworkId(network),
      ...(part && { part }),
      ...(digest.byteLength > 0 && { digest: decodeDigest(digest) })
    }
  })
}

export function encodeAnnouncement(announcement: Announcement | OtherNetwork): Uint8Array {
  switch (announcement.type) {
    case 'joined':
      return wire.Announcement.encode({
        joined: { ...encodeRecord(announcement.record), unreachable: announcement.unreachable ?? false }
      })
    case 'removed': {
      const reason = screaming(announcement.reason) as wire.RemovalReason
      return wire.Announcement.encode({ removed: { id: encodePeerId(announcement.id), reason } })
    }
    case 'caught-up':
      return wire.Announcement.encode({
        caughtUp: { part: announcement.part ?? false, same: Uint8Array.from(announcement.same ?? []) }
      })
    case 'suspected':
      return wire.Announcement.encode({ suspected: { id: encodePeerId(announcement.id) } })
    case 'other-network':
      return wire.Announcement.encode({ otherNetwork: {} })
  }
}

/** @throws {MalformedMessageError} */
export function decodeAnnouncement(bytes: Uint8Array): Announcement | OtherNetwork {
  return decoding('announcement', () => {
    const { joined, removed, caughtUp, suspected, otherNetwork } = wire.Announcement.decode(bytes)
    if (joined !== undefined) {
      return { type: 'joined', record: decodeRecord(joined), ...(joined.unreachable && { unreachable: true }) }
    }
    if (removed !== undefined) {
      const reason = removed.reason ?? wire.RemovalReason.REMOVAL_UNSPECIFIED
      if (reason === wire.RemovalReason.REMOVAL_UNSPECIFIED) throw new MalformedMessageError('removal without a reason')
      return { type: 'removed', id: decodePeerId(removed.id, 'removed peer'), reason: kebab(reason) as RemovalReason }
    }
    if (caughtUp !== undefined) {
      const { part, same } = caughtUp
      if (same.some(bucket => bucket >= digestBuckets)) throw new MalformedMessageError('bucket that there is not')
      return { type: 'caught-up', ...(part && { part }), ...(same.byteLength > 0 && { same: [...same] }) }
    }
    if (suspected !== undefined) return { type: 'suspected', id: decodePeerId(suspected.id, 'suspect') }
    if (otherNetwork !== undefined) return { type: 'other-network' }
    throw new MalformedMessageError('announcement of unknown type')
  })
}

function encodeDigest(digest: Digest): Uint8Array {
  const bytes = new Uint8Array(digest.length * digestSumBytes)
  const view = new DataView(bytes.buffer)
  for (const [at, sum] of digest.entries()) {
    view.setUint16(at * digestSumBytes, Math.floor(sum / 2 ** 32))
    view.setUint32(at * digestSumBytes + 2, sum % 2 ** 32)
  }
  return bytes
}

function decodeDigest(bytes: Uint8Array): Digest {
  if (bytes.byteLength !== digestBuckets * digestSumBytes) throw new MalformedMessageError('digest of another length')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from(
    { length: digestBuckets },
    (_, at) => view.getUint16(at * digestSumBytes) * 2 ** 32 + view.getUint32(at * digestSumBytes + 2)
  )
}
