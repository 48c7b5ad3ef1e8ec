import * as wire from './generated/announcement.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodePeerId, decodeRecord, decoding, encodePeerId, encodeRecord, kebab, screaming } from '../values.ts'
import type { Announcement, RemovalReason } from './messages.ts'

export function encodeAnnouncement(announcement: Announcement): Uint8Array {
  switch (announcement.type) {
    case 'joined':
      return wire.Announcement.encode({ joined: encodeRecord(announcement.record) })
    case 'removed': {
      const reason = screaming(announcement.reason) as wire.RemovalReason
      return wire.Announcement.encode({ removed: { id: encodePeerId(announcement.id), reason } })
    }
    case 'caught-up':
      return wire.Announcement.encode({ caughtUp: {} })
    case 'suspected':
      return wire.Announcement.encode({ suspected: { id: encodePeerId(announcement.id) } })
  }
}

/** @throws {MalformedMessageError} */
export function decodeAnnouncement(bytes: Uint8Array): Announcement {
  return decoding('announcement', () => {
    const { joined, removed, caughtUp, suspected } = wire.Announcement.decode(bytes)
    if (joined !== undefined) return { type: 'joined', record: decodeRecord(joined) }
    if (removed !== undefined) {
      const reason = removed.reason ?? wire.RemovalReason.REMOVAL_UNSPECIFIED
      if (reason === wire.RemovalReason.REMOVAL_UNSPECIFIED) throw new MalformedMessageError('removal without a reason')
      return { type: 'removed', id: decodePeerId(removed.id, 'removed peer'), reason: kebab(reason) as RemovalReason }
    }
    if (caughtUp !== undefined) return { type: 'caught-up' }
    if (suspected !== undefined) return { type: 'suspected', id: decodePeerId(suspected.id, 'suspect') }
    throw new MalformedMessageError('announcement of unknown type')
  })
}
