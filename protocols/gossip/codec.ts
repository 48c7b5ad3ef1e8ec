import { fromString } from 'uint8arrays/from-string'
import * as wire from './generated/gossip.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodeCount, decodeName, decodePeerId, decodeText, decoding, encodePeerId } from '../values.ts'
import { hopsMax, textBytesMax } from './messages.ts'
import type { GossipContent, GossipMessage } from './messages.ts'

const signatureBytes = 64

export function encodeContent(content: GossipContent): Uint8Array {
  const { origin, originName, text } = content
  return wire.GossipContent.encode({
    ...content,
    origin: encodePeerId(origin),
    originName: fromString(originName),
    text: fromString(text)
  })
}

export function encodeGossip(message: Pick<GossipMessage, 'signed' | 'signature' | 'hops'>): Uint8Array {
  return wire.GossipMessage.encode({ signed: message.signed, signature: message.signature, hops: message.hops })
}

/** The message with its content read. Its signature is not yet checked. @throws {MalformedMessageError} */
export function decodeGossip(bytes: Uint8Array): GossipMessage {
  return decoding('gossip message', () => {
    const { signed, signature, hops } = wire.GossipMessage.decode(bytes)
    if (signature.byteLength !== signatureBytes) throw new MalformedMessageError('signature is not 64 bytes long')
    const content = wire.GossipContent.decode(signed)
    const number = decodeCount(content.number, 'number', Number.MAX_SAFE_INTEGER)
    if (number === 0) throw new MalformedMessageError('messages are numbered from 1')
    return {
      origin: decodePeerId(content.origin, 'origin'),
      originName: decodeName(decodeText(content.originName, 'name of the origin', textBytesMax), 'name of the origin'),
      epoch: decodeCount(content.epoch, 'epoch', Number.MAX_SAFE_INTEGER),
      number,
      time: decodeCount(content.time, 'time', Number.MAX_SAFE_INTEGER),
      text: decodeText(content.text, 'text', textBytesMax),
      hops: decodeCount(hops, 'hops', hopsMax),
      signed,
      signature
    }
  })
}
