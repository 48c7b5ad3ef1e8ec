import { streamPair } from '@libp2p/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { finish, into, payloads } from '#protocols/streams/ends.ts'
import { StreamEndedError, TruncatedFrameError } from '#protocols/streams/errors.ts'
import { encodeFrame, encodeFrames } from '#protocols/streams/frames.ts'
import { over, sendFrame, settled, windowBytes, windowedPair } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

async function all(stream: Stream, limit = 1000): Promise<Uint8Array[]> {
  const heard: Uint8Array[] = []
  for await (const payload of payloads(stream, limit)) heard.push(payload)
  return heard
}

describe('payloads', () => {
  test('come whole and in order, however they were cut, until the remote closes its end', async () => {
    const [near, far] = await streamPair()
    const heard = all(far)
    const frames = encodeFrames([bytes(1), bytes(2, 2), new Uint8Array(300)])
    near.send(frames.subarray(0, 3))
    await settled()
    near.send(frames.subarray(3, 10))
    near.send(frames.subarray(10))
    await near.close()
    expect((await heard).map(({ byteLength }) => byteLength)).toEqual([1, 2, 300])
  })

  test('what came before anybody listened is not lost', async () => {
    const [near, far] = await streamPair()
    sendFrame(near, bytes(1))
    await near.close()
    await settled()
    expect(await all(far)).toEqual([bytes(1)])
  })

  test('a stream that is over already has none', async () => {
    const [near, far] = await streamPair()
    await near.close()
    await far.close()
    await settled()
    expect(await all(far)).toEqual([])
  })

  test('an end inside a frame is a fault', async () => {
    const [near, far] = await streamPair()
    near.send(encodeFrame(bytes(1, 2, 3)).subarray(0, 3))
    await near.close()
    await expect(all(far)).rejects.toThrow(TruncatedFrameError)
  })

  test('a reset is a fault, and what came before it is heard', async () => {
    const [near, far] = await streamPair()
    const heard: Uint8Array[] = []
    const reading = (async () => {
      for await (const payload of payloads(far, 1000)) heard.push(payload)
    })()
    sendFrame(near, bytes(1))
    await settled()
    near.abort(new Error('crash'))
    await expect(reading).rejects.toThrow(StreamEndedError)
    expect(heard).toEqual([bytes(1)])
  })

  test('while the consumer is busy the stream is paused', async () => {
    const [near, far] = await streamPair()
    const states: string[] = []
    const reading = (async () => {
      for await (const _payload of payloads(far, 1000)) {
        states.push(far.readStatus)
        await settled()
        states.push(far.readStatus)
      }
    })()
    await settled()
    expect(far.readStatus).toBe('readable')
    sendFrame(near, bytes(1))
    sendFrame(near, bytes(2))
    await settled()
    await near.close()
    await reading
    expect(states.slice(0, 2)).toEqual(['paused', 'paused'])
  })

  test('leaving the loop leaves the stream paused and nobody listening', async () => {
    const [near, far] = await streamPair()
    near.send(encodeFrames([bytes(1), bytes(2)]))
    for await (const payload of payloads(far, 1000)) {
      expect(payload).toEqual(bytes(1))
      break
    }
    expect(far.readStatus).toBe('paused')
    sendFrame(near, bytes(3))
    await settled()
    expect(far).toMatchObject({ readStatus: 'paused', status: 'open' })
  })

  test('a consumer that stops costs this side a window of memory and not more', async () => {
    const [near, far] = await windowedPair()
    const reader = payloads(far, 20_000)
    near.send(encodeFrames(Array.from({ length: 100 }, () => new Uint8Array(20_000))))
    await reader.next()
    await settled()
    expect((far as Stream & { readBufferLength: number }).readBufferLength).toBeLessThanOrEqual(windowBytes)
    let heard = 1
    void near.close()
    for await (const { byteLength } of reader) heard += byteLength / 20_000
    expect(heard).toBe(100)
  })
})

describe('into', () => {
  test('writes nothing while the stream is full, and closes our end after the last bytes', async () => {
    const told: string[] = []
    const events = new EventTarget()
    const stream = Object.assign(events, {
      status: 'open',
      writableNeedsDrain: false,
      writeBufferLength: 0,
      send(data: Uint8Array) {
        told.push(`send ${data.byteLength}`)
        this.writableNeedsDrain = data.byteLength === 2
        return !this.writableNeedsDrain
      },
      close: async () => void told.push('close')
    })
    const writing = into(stream as unknown as Stream)([bytes(1), bytes(2, 2), bytes(3, 3, 3)])
    await settled()
    expect(told).toEqual(['send 1', 'send 2'])
    // A drain of the connection that leaves this stream full.
    events.dispatchEvent(new Event('drain'))
    await settled()
    expect(told).toEqual(['send 1', 'send 2'])
    stream.writableNeedsDrain = false
    events.dispatchEvent(new Event('drain'))
    await writing
    expect(told).toEqual(['send 1', 'send 2', 'send 3', 'close'])
  })

  test('everything arrives over a line that is often full', async () => {
    const [near, far] = await streamPair({ capacity: 1 })
    const heard = all(far)
    await into(near)(Array.from({ length: 20 }, (_, at) => encodeFrame(bytes(at + 1))))
    expect((await heard).map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(near.writeStatus).toBe('closed')
  })

  test('fails when the stream is reset while it waits', async () => {
    const [near, far] = await windowedPair()
    const writing = into(near)([new Uint8Array(1024 * 1024), bytes(1)])
    await settled()
    far.abort(new Error('crash'))
    await expect(writing).rejects.toThrow()
  })
})

describe('finish', () => {
  afterEach(() => void vi.useRealTimers())

  test('closes our end and waits for the remote', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const [near, far] = await streamPair()
    const finished = finish(near, 5000)
    await settled()
    expect(far.remoteWriteStatus).toBe('closed')
    vi.advanceTimersByTime(4999)
    expect(near.status).toBe('open')
    await far.close()
    await finished
    const abort = vi.spyOn(near, 'abort')
    vi.advanceTimersByTime(10_000)
    expect(abort).not.toHaveBeenCalled()
    expect(near.status).toBe('closed')
  })

  test('resets the stream when the remote does not close its own end in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const [near, far] = await streamPair()
    const finished = finish(near, 5000)
    await settled()
    vi.advanceTimersByTime(5000)
    await over(far)
    await finished
    expect([near.status, far.status]).toEqual(['aborted', 'reset'])
  })

  test.each([new Error('no'), 'no'])('resets the stream when our end cannot be closed', async reason => {
    const [near, far] = await streamPair()
    near.close = async () => {
      throw reason
    }
    await finish(near, 5000)
    await over(far)
    expect(near.status).toBe('aborted')
  })

  test('is done at once with a stream that was over before', async () => {
    const [near, far] = await streamPair()
    await Promise.all([near.close(), far.close()])
    await over(near)
    await finish(near, 5000)
  })
})
