import * as crypto from 'node:crypto'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { describe, expect, test, vi } from 'vitest'
import { decodeGossip, encodeContent, encodeGossip } from '#protocols/gossip/codec.ts'
import { gossipBytesMax, gossipSigningDomain } from '#protocols/gossip/messages.ts'
import { gossipId, signGossip, signatureCheck, signingKey } from '#protocols/gossip/signature.ts'
import { StreamFault } from '#protocols/streams/errors.ts'
import { FrameDecoder, encodeFrame } from '#protocols/streams/frames.ts'
import { ada, adaKey, bob, bobKey, cyd } from './support/peers.ts'
import type { GossipContent, GossipMessage } from '#protocols/gossip/messages.ts'

vi.mock('node:crypto', async original => {
  const real = await original<typeof crypto>()
  return { ...real, createPublicKey: vi.fn<typeof real.createPublicKey>(real.createPublicKey) }
})

const key = signingKey(adaKey.raw)
const content: GossipContent = { origin: ada, originName: 'ada', epoch: 17, number: 3, time: 99, text: 'hello' }
const message = { ...signGossip(content, key), hops: 2 }

const withSignature = (domain: string): GossipMessage => {
  const signed = encodeContent(content)
  return { ...content, hops: 0, signed, signature: crypto.sign(null, concat([fromString(domain), signed]), key) }
}

describe('signatures of gossip', () => {
  test('what the origin signs is authentic, after a journey too', () => {
    const check = signatureCheck(8)
    expect(check(message)).toBe(true)
    expect(check(decodeGossip(encodeGossip(message)))).toBe(true)
    expect(signGossip(content, key).hops).toBe(0)
  })

  test('libp2p verifies our signatures, and we verify those of libp2p', async () => {
    const bytes = concat([fromString(gossipSigningDomain), message.signed])
    expect(await adaKey.publicKey.verify(bytes, message.signature)).toBe(true)
    expect(signatureCheck(8)({ ...message, signature: await adaKey.sign(bytes) })).toBe(true)
  })

  test.each(['hubcast/gossip/2', 'hubcast/record/1', ''])('signed in the domain "%s" it is worth nothing', domain => {
    expect(signatureCheck(8)(withSignature(gossipSigningDomain))).toBe(true)
    expect(signatureCheck(8)(withSignature(domain))).toBe(false)
  })

  test('nobody speaks for another', () => {
    const check = signatureCheck(8)
    expect(check(signGossip({ ...content, origin: bob }, key))).toBe(false)
    expect(check(signGossip({ ...content, origin: bob }, signingKey(bobKey.raw)))).toBe(true)
    expect(check({ ...message, origin: cyd })).toBe(false)
  })

  test('any flipped bit of a frame gets it refused, or leaves all that was signed as it was', () => {
    const check = signatureCheck(8)
    const frame = encodeFrame(encodeGossip(message))
    let refused = 0
    for (let bit = 0; bit < frame.byteLength * 8; bit++) {
      const flipped = Uint8Array.from(frame)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      let heard: GossipMessage
      try {
        const decoder = new FrameDecoder(gossipBytesMax)
        const [payload] = [...decoder.decode(flipped)]
        decoder.end()
        heard = decodeGossip(payload as Uint8Array)
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFault)
        refused++
        continue
      }
      if (!check(heard)) {
        refused++
        continue
      }
      // Only the hops are not signed: this is all that a hostile neighbour can change.
      expect(heard).toMatchObject(content)
      expect(Buffer.compare(heard.signed, message.signed)).toBe(0)
    }
    // All but the byte of `hops` and the three tags of the envelope, whose wire types our decoder takes on trust.
    expect(refused).toBeGreaterThanOrEqual((frame.byteLength - 4) * 8)
  })

  test('keys of recent origins are imported once; beyond the bound the longest unused goes', () => {
    const imports = vi.mocked(crypto.createPublicKey)
    const check = signatureCheck(2)
    const from = (origin: string): number => {
      imports.mockClear()
      check({ ...message, origin })
      return imports.mock.calls.length
    }
    expect([ada, bob, ada, bob].map(from)).toEqual([1, 1, 0, 0])
    expect([ada, cyd].map(from)).toEqual([0, 1])
    expect([ada, cyd, bob, ada].map(from)).toEqual([0, 0, 1, 1])
  })

  test('an id names what was said, whatever path it took', () => {
    expect(gossipId(message)).toMatch(/^[0-9a-f]{16}$/)
    expect(gossipId({ ...message, hops: 9 })).toBe(gossipId(message))
    expect(gossipId(signGossip({ ...content, number: 4 }, key))).not.toBe(gossipId(message))
  })
})
