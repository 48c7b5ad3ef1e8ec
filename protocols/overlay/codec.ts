import * as wire from './generated/overlay.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodeCount, decodeName, decodePeerId, decoding, encodePeerId, kebab, screaming } from '../values.ts'
import { nonceLimit } from './messages.ts'
import type { OverlayMessage, Referral, UnlinkReason } from './messages.ts'

export function encodeOverlayMessage(message: OverlayMessage): Uint8Array {
  switch (message.type) {
    case 'link': {
      const { nonce, name, want, redeem } = message
      return wire.OverlayMessage.encode({ link: { nonce, name, want, redeem } })
    }
    case 'accept':
      return wire.OverlayMessage.encode({ accept: { nonce: message.nonce, spliced: message.spliced } })
    case 'refuse':
      return wire.OverlayMessage.encode({ refuse: { nonce: message.nonce } })
    case 'unlink': {
      const reason = screaming(message.reason) as wire.UnlinkReason
      const goTo = message.goTo && { ...message.goTo, peer: encodePeerId(message.goTo.peer) }
      return wire.OverlayMessage.encode({ unlink: { reason, ...(goTo && { goTo }) } })
    }
  }
}

/** @throws {MalformedMessageError} */
export function decodeOverlayMessage(bytes: Uint8Array): OverlayMessage {
  return decoding('overlay message', () => {
    const { link, accept, refuse, unlink } = wire.OverlayMessage.decode(bytes)
    if (link !== undefined) {
      if (link.want !== 1 && link.want !== 2) throw new MalformedMessageError('want is neither 1 nor 2')
      const name = decodeName(link.name, 'name')
      return { type: 'link', nonce: nonce(link.nonce), name, want: link.want, redeem: link.redeem }
    }
    if (accept !== undefined) return { type: 'accept', nonce: nonce(accept.nonce), spliced: accept.spliced }
    if (refuse !== undefined) return { type: 'refuse', nonce: nonce(refuse.nonce) }
    if (unlink !== undefined) {
      const reason = unlink.reason ?? wire.UnlinkReason.UNLINK_UNSPECIFIED
      if (reason === wire.UnlinkReason.UNLINK_UNSPECIFIED) throw new MalformedMessageError('unlink without a reason')
      if (unlink.goTo === undefined) return { type: 'unlink', reason: kebab(reason) as UnlinkReason }
      if (reason !== wire.UnlinkReason.SPLICED) throw new MalformedMessageError('referral without a splice')
      return { type: 'unlink', reason: 'spliced', goTo: referral(unlink.goTo) }
    }
    throw new MalformedMessageError('overlay message of unknown type')
  })
}

function referral({ peer, name, nonce: expected }: wire.Referral): Referral {
  return { peer: decodePeerId(peer, 'peer'), name: decodeName(name, 'name'), nonce: nonce(expected) }
}

function nonce(value: number): number {
  return decodeCount(value, 'nonce', nonceLimit - 1)
}
