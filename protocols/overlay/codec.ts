import * as wire from './generated/overlay.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodeCount, decodeName, decoding, kebab, screaming } from '../values.ts'
import { nonceLimit } from './messages.ts'
import type { OverlayMessage, UnlinkReason } from './messages.ts'

export function encodeOverlayMessage(message: OverlayMessage): Uint8Array {
  switch (message.type) {
    case 'link': {
      const { nonce, name, want } = message
      return wire.OverlayMessage.encode({ link: { nonce, name, want } })
    }
    case 'accept':
      return wire.OverlayMessage.encode({ accept: { nonce: message.nonce } })
    case 'refuse':
      return wire.OverlayMessage.encode({ refuse: { nonce: message.nonce } })
    case 'unlink':
      return wire.OverlayMessage.encode({ unlink: { reason: screaming(message.reason) as wire.UnlinkReason } })
  }
}

/** @throws {MalformedMessageError} */
export function decodeOverlayMessage(bytes: Uint8Array): OverlayMessage {
  return decoding('overlay message', () => {
    const { link, accept, refuse, unlink } = wire.OverlayMessage.decode(bytes)
    if (link !== undefined) {
      if (link.want !== 1 && link.want !== 2) throw new MalformedMessageError('want is neither 1 nor 2')
      return { type: 'link', nonce: nonce(link.nonce), name: decodeName(link.name, 'name'), want: link.want }
    }
    if (accept !== undefined) return { type: 'accept', nonce: nonce(accept.nonce) }
    if (refuse !== undefined) return { type: 'refuse', nonce: nonce(refuse.nonce) }
    if (unlink !== undefined) {
      const reason = unlink.reason ?? wire.UnlinkReason.UNLINK_UNSPECIFIED
      if (reason === wire.UnlinkReason.UNLINK_UNSPECIFIED) throw new MalformedMessageError('unlink without a reason')
      return { type: 'unlink', reason: kebab(reason) as UnlinkReason }
    }
    throw new MalformedMessageError('overlay message of unknown type')
  })
}

function nonce(value: number): number {
  return decodeCount(value, 'nonce', nonceLimit - 1)
}
