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
import type { Announcement, Follow, OtherNetwork, RemovalReason } from './messages.ts'

export function encodeFollow({ network }: Follow): Uint8Array {
  return wire.Follow.encode({ network: encodeNetworkId(network) })
}

/** @throws {MalformedMessageError} */
export function decodeFollow(bytes: Uint8Array): Follow {
  return decoding('follow', () => ({ network: decodeNetworkId(wire.Follow.decode(bytes).network) }))
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
      return wire.Announcement.encode({ caughtUp: {} })
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
    if (caughtUp !== undefined) return { type: 'caught-up' }
    if (suspected !== undefined) return { type: 'suspected', id: decodePeerId(suspected.id, 'suspect') }
    if (otherNetwork !== undefined) return { type: 'other-network' }
    throw new MalformedMessageError('announcement of unknown type')
  })
}
