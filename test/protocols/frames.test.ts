import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { fromString } from 'uint8arrays/from-string'
import { describe, expect, test } from 'vitest'
import { FramePrefixError, FrameTooLargeError, TruncatedFrameError } from '#protocols/streams/errors.ts'
import { FrameDecoder, encodeFrame, encodeFrames } from '#protocols/streams/frames.ts'

const hex = (text: string): Uint8Array => fromString(text, 'base16')

/** All payloads of the chunks, as a stream that ends after them gives them. */
function decodeAll(chunks: readonly Uint8Array[], limit: number): Uint8Array[] {
  const decoder = new FrameDecoder(limit)
  const payloads = chunks.flatMap(chunk => [...decoder.decode(chunk)])
  decoder.end()
  return payloads
}

/** Cuts the bytes at these places, whatever order they come in. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [0, ...places.map(place => place % (bytes.byteLength + 1)), bytes.byteLength]
  borders.sort((a, b) => a - b)
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end))
}

describe('encodeFrame', () => {
  test.each([
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2_097_151, 'ffff7f']
  ])('%i bytes begin with %s', (length, prefix) => {
    const frame = encodeFrame(new Uint8Array(length))
    expect(frame.subarray(0, prefix.length / 2)).toEqual(hex(prefix))
    expect(frame.byteLength).toBe(prefix.length / 2 + length)
  })

  test.each([0, 2_097_152])('%i bytes are no frame', length => {
    expect(() => encodeFrame(new Uint8Array(length))).toThrow(RangeError)
  })
})

describe('FrameDecoder', () => {
  test.each([
    ['80808001', 'a length of four bytes', FramePrefixError],
    ['ffffff', 'a length without end, after its third byte', FramePrefixError],
    ['8100', 'a needless byte', FramePrefixError],
    ['808000', 'two needless bytes', FramePrefixError],
    ['00', 'no length', FramePrefixError],
    ['8000', 'no length in two bytes', FramePrefixError],
    ['016100', 'no length after a good frame', FramePrefixError],
    ['65', 'a length of 101', FrameTooLargeError],
    ['ac02', 'a length of 300', FrameTooLargeError],
    ['ffff7f', 'a length of 2 MiB', FrameTooLargeError],
    ['80', 'an end inside the length', TruncatedFrameError],
    ['05', 'an end after the length', TruncatedFrameError],
    ['0561626364', 'an end one byte early', TruncatedFrameError],
    ['016105', 'an end after the length of a second frame', TruncatedFrameError]
  ])('%s: %s', (bytes, _what, fault) => {
    expect(() => decodeAll([hex(bytes)], 100)).toThrow(fault)
    // The same byte by byte.
    const single = Array.from(hex(bytes), byte => Uint8Array.of(byte))
    expect(() => decodeAll(single, 100)).toThrow(fault)
  })

  test('a payload of just the limit is good', () => {
    const payload = new Uint8Array(100).fill(7)
    expect(decodeAll([encodeFrame(payload)], 100)).toEqual([payload])
  })

  test('nothing at all is a stream without frames', () => {
    expect(decodeAll([], 100)).toEqual([])
    expect(decodeAll([new Uint8Array()], 100)).toEqual([])
  })

  test('good payloads before a bad frame come out first', () => {
    const heard: Uint8Array[] = []
    const decode = (): void => {
      for (const payload of new FrameDecoder(100).decode(hex('0161016200'))) heard.push(payload)
    }
    expect(decode).toThrow(FramePrefixError)
    expect(heard).toEqual([hex('61'), hex('62')])
  })

  test('a payload is a copy: the chunk may be used again', () => {
    const chunk = hex('0161')
    const [payload] = decodeAll([chunk], 100)
    chunk.fill(0)
    expect(payload).toEqual(hex('61'))
  })

  test('too long a length is refused before one byte is set aside for it', () => {
    const decoder = new FrameDecoder(2 ** 20)
    const before = process.memoryUsage().arrayBuffers
    const decode = (): void => {
      for (const payload of decoder.decode(hex('ffff7f'))) throw new Error(`${payload.byteLength}`)
    }
    expect(decode).toThrow(FrameTooLargeError)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  })

  test('property: frames cut anywhere give the same payloads', () => {
    const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 12 })
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(), { maxLength: 40 }), (list, places) => {
        const heard = decodeAll(cutAt(encodeFrames(list), places), 300)
        expect(heard.map(payload => [...payload])).toEqual(list.map(payload => [...payload]))
      })
    )
  })

  test('property: a frame of any length up to the limit comes out whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70_000 }), fc.array(fc.nat(), { maxLength: 5 }), (length, places) => {
        const payload = Uint8Array.from({ length }, (_, at) => at)
        const [heard] = decodeAll(cutAt(encodeFrame(payload), places), 70_000)
        expect(Buffer.compare(heard as Uint8Array, payload)).toBe(0)
      }),
      { numRuns: 30 }
    )
  })

  test('property: random bytes end in one of three errors or in payloads within the limit', () => {
    const random = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 10 })
    fc.assert(
      fc.property(random, chunks => {
        const fed = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
        try {
          const payloads = decodeAll(chunks, 40)
          for (const { byteLength } of payloads) expect(byteLength).toBeLessThanOrEqual(40)
          const whole = payloads.reduce((sum, payload) => sum + encodeFrame(payload).byteLength, 0)
          expect(whole).toBe(fed)
        } catch (error) {
          expect(['FramePrefixError', 'FrameTooLargeError', 'TruncatedFrameError']).toContain((error as Error).name)
        }
      }),
      { numRuns: 1000 }
    )
  })

  test('never keeps more than the limit, however much is fed', () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const collectGarbage = (): void => {
      gc()
      // The memory of buffers is given back in the background; the next collection waits for that of the one before.
      gc()
    }
    const limit = 64 * 1024
    const decoder = new FrameDecoder(limit)
    const frame = encodeFrame(new Uint8Array(limit).fill(1))
    // The last byte of each frame comes with the next one, so that a frame is always in the making.
    const shifted = Buffer.concat([frame.subarray(-1), frame.subarray(0, -1)])
    expect([...decoder.decode(frame.subarray(0, -1))]).toEqual([])
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    let payloads = 0
    for (let round = 0; round < 200; round++) {
      for (const { byteLength } of decoder.decode(shifted)) payloads += byteLength / limit
    }
    expect(payloads).toBe(200)
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(2 * limit)
  })
})
