import { streamPair } from '@libp2p/utils'
import { describe, expect, test } from 'vitest'
import { into, payloads } from '#protocols/streams/ends.ts'
import { encodeFrame } from '#protocols/streams/frames.ts'
import { spareWindowUpdates } from '#protocols/streams/window.ts'
import { settled, windowBytes, windowedPair } from './support/streams.ts'

/** Sends frames of this size one by one to somebody who reads them all. Returns how many packets that begot. */
async function repliesTo(frames: number, frameBytes: number): Promise<number> {
  let replies = 0
  const [near, far] = await windowedPair(() => replies++)
  const read = payloads(far, frameBytes)
  const frame = encodeFrame(new Uint8Array(frameBytes))
  const all = (async () => {
    let heard = 0
    for await (const payload of read) heard += payload.byteLength
    return heard
  })()
  // What the two have to say when they meet.
  await settled()
  const before = replies
  const oneByOne = async function* (): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < frames; sent++) {
      yield frame
      await settled()
    }
  }
  await into(near)(oneByOne())
  expect(await all).toBe(frames * frameBytes)
  return replies - before
}

describe('the window of a stream', () => {
  test('is not talked about while most of it is left', async () => {
    // One for the end of the stream.
    expect(await repliesTo(100, 100)).toBeLessThanOrEqual(1)
  })

  test('is opened again whenever half of it is used up, however much there is to come', async () => {
    const windows = 8
    const replies = await repliesTo((windows * windowBytes) / 16_384, 16_384)
    expect(replies).toBeGreaterThanOrEqual(windows)
    expect(replies).toBeLessThanOrEqual(2 * windows + 1)
  })

  test('is opened for frames that are larger than what was left of it', async () => {
    expect(await repliesTo(20, windowBytes)).toBeLessThanOrEqual(41)
  })

  test('is none of our business where the multiplexer has another way', async () => {
    const [near] = await streamPair()
    const names = Object.keys(near)
    spareWindowUpdates(near)
    expect(Object.keys(near)).toEqual(names)
  })
})
