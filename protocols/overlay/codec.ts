import * as wire from './generated/overlay.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodeCount, decodeName, decoding, kebab, screaming } from '../values.ts'
import { nonceLimit } from './messages.ts'
import type { OverlayMessage, UnlinkReason } from './messages.ts'

/** More links than anybody may have says nothing more about being in danger. */
const linksMax = 0xffff

export function encodeOverlayMessage(message: OverlayMessage): Uint8Array {
  switch (message.type) {
    case 'link': {
      const { nonce, name, links } = message
      return wire.OverlayMessage.encode({ link: { nonce, name, links } })
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
      const links = decodeCount(link.links, 'links', linksMax)
      return { type: 'link', nonce: nonce(link.nonce), name: decodeName(link.name, 'name'), links }
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
