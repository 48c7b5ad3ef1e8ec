import { streamPair } from '@libp2p/utils'
import { describe, expect, test, vi } from 'vitest'
import { payloads } from '#protocols/streams/ends.ts'
import { SlowReaderError, StreamEndedError } from '#protocols/streams/errors.ts'
import { Outbox } from '#protocols/streams/outbox.ts'
import { over, settled, windowBytes, windowedPair } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'

const bytes = (value: number, length = 1): Uint8Array => new Uint8Array(length).fill(value)

async function all(stream: Stream): Promise<number[]> {
  const heard: number[] = []
  for await (const [first] of payloads(stream, 1024 * 1024)) heard.push(first as number)
  return heard
}

/** An outbox on a stream that is there at once, and what it said about its end. */
function outboxOn(
  stream: Stream,
  queueBytesMax = 1000,
  first: Iterable<Uint8Array> = []
): { outbox: Outbox; faults: Error[] } {
  const faults: Error[] = []
  const onBroken = (fault: Error): void => void faults.push(fault)
  return { outbox: new Outbox(async () => stream, queueBytesMax, { onBroken }, { first }), faults }
}

describe('Outbox', () => {
  test('what is put in comes out in order; what comes in one turn leaves in one write', async () => {
    const [near, far] = await streamPair()
    const sizes: number[] = []
    const send = near.send.bind(near)
    near.send = data => {
      sizes.push(data.byteLength)
      return send(data)
    }
    const { outbox, faults } = outboxOn(near)
    await settled()
    for (const value of [1, 2, 3]) outbox.put(bytes(value))
    await settled()
    outbox.put(bytes(4))
    outbox.close()
    expect(await all(far)).toEqual([1, 2, 3, 4])
    expect(sizes).toEqual([6, 2])
    expect(faults).toEqual([])
  })

  test('what is put in before the stream stands waits for it', async () => {
    const [near, far] = await streamPair()
    const opened = Promise.withResolvers<Stream>()
    const outbox = new Outbox(() => opened.promise, 1000, { onBroken: () => {} })
    outbox.put(bytes(1))
    outbox.put(bytes(2))
    await settled()
    opened.resolve(near)
    outbox.close()
    expect(await all(far)).toEqual([1, 2])
  })

  test('close writes what is queued, ends our side, and takes nothing more', async () => {
    const [near, far] = await streamPair()
    const { outbox, faults } = outboxOn(near)
    outbox.put(bytes(1))
    outbox.close()
    outbox.put(bytes(2))
    expect(await all(far)).toEqual([1])
    await far.close()
    await over(near)
    expect([near.status, faults]).toEqual(['closed', []])
  })

  test('what goes first goes first, however long it is, and is taken as the remote reads', async () => {
    const [near, far] = await windowedPair()
    far.pause()
    let taken = 0
    const first = function* (): Generator<Uint8Array> {
      for (; taken < 1000; taken++) yield bytes(1, 4096)
    }
    const { outbox, faults } = outboxOn(near, 100, first())
    outbox.put(bytes(2))
    outbox.close()
    await settled()
    // A window at the remote, one more write at this side, and the rest not even made yet.
    expect(taken * 4096).toBeLessThan(2 * windowBytes)
    const heard = await all(far)
    expect([heard.length, heard.indexOf(2), faults]).toEqual([1001, 1000, []])
  })

  test('a queue that overflows while what goes first is still on its way breaks it', async () => {
    const [near, far] = await windowedPair()
    far.pause()
    const first = Array.from({ length: 200 }, () => bytes(1, 4096))
    const { outbox, faults } = outboxOn(near, 100, first)
    await settled()
    outbox.put(bytes(2, 101))
    await over(far)
    expect(faults).toEqual([expect.any(SlowReaderError)])
  })

  test('a stream that cannot be opened breaks it, once', async () => {
    const faults: Error[] = []
    const refused = new Error('refused')
    const outbox = new Outbox(
      async () => {
        throw refused
      },
      1000,
      { onBroken: fault => void faults.push(fault) }
    )
    outbox.put(bytes(1))
    await settled()
    outbox.put(bytes(2))
    expect(faults).toEqual([refused])
  })

  test('more than may wait before the stream stands breaks it, and the stream is given up when it comes', async () => {
    const [near, far] = await streamPair()
    const opened = Promise.withResolvers<Stream>()
    const faults: Error[] = []
    const outbox = new Outbox(() => opened.promise, 100, { onBroken: fault => void faults.push(fault) })
    outbox.put(bytes(1, 60))
    outbox.put(bytes(2, 41))
    opened.resolve(near)
    await settled()
    expect(faults.map(({ name }) => name)).toEqual(['SlowReaderError'])
    expect((far as Stream & { readBufferLength: number }).readBufferLength).toBe(0)
  })

  test('just the limit may wait', async () => {
    const [near, far] = await streamPair()
    const { outbox, faults } = outboxOn(near, 100)
    outbox.put(bytes(1, 60))
    outbox.put(bytes(2, 40))
    outbox.close()
    expect([await all(far), faults]).toEqual([[1, 2], []])
  })

  test('a reset by the remote breaks it at once, though nothing is being written', async () => {
    const [near, far] = await streamPair()
    const { faults } = outboxOn(near)
    await settled()
    far.abort(new Error('crash'))
    await settled()
    expect(faults).toEqual([expect.any(StreamEndedError)])
  })

  test('a remote that has said everything still listens, unless it is one that keeps its end open as long as it does', async () => {
    const faultsOf = async (isHeard: boolean, closesFirst: boolean): Promise<Error[]> => {
      const [near, far] = await streamPair()
      const faults: Error[] = []
      const onBroken = (fault: Error): void => void faults.push(fault)
      if (closesFirst) await far.close()
      const outbox = new Outbox(async () => near, 1000, { onBroken }, { isHeard })
      await settled()
      if (!closesFirst) await far.close()
      await settled()
      outbox.put(bytes(1))
      outbox.close()
      expect(await all(far)).toEqual(isHeard ? [] : [1])
      return faults
    }
    expect([await faultsOf(false, false), await faultsOf(false, true)]).toEqual([[], []])
    const ended = [expect.any(StreamEndedError) as unknown]
    expect([await faultsOf(true, false), await faultsOf(true, true)]).toEqual([ended, ended])
  })

  test('a reset after close is no fault, even if the last bytes are still being written', async () => {
    for (const left of [0, 2 * windowBytes]) {
      const [near, far] = await windowedPair()
      far.pause()
      const { outbox, faults } = outboxOn(near, 4 * windowBytes)
      if (left > 0) outbox.put(bytes(7, left))
      outbox.close()
      await settled()
      far.abort(new Error('crash'))
      await over(near)
      await settled()
      expect(faults).toEqual([])
    }
  })

  test('a remote that ends the stream in order and then resets it while it is told the last bytes is one fault, not two', async () => {
    const [near, far] = await windowedPair()
    far.pause()
    const faults: Error[] = []
    const onBroken = (fault: Error): void => void faults.push(fault)
    const outbox = new Outbox(async () => near, 4 * windowBytes, { onBroken }, { isHeard: true })
    outbox.put(bytes(7, 2 * windowBytes))
    await settled()
    await far.close()
    await settled()
    expect(faults).toEqual([expect.any(StreamEndedError)])
    far.abort(new Error('crash'))
    await over(near)
    await settled()
    expect(faults.length).toBe(1)
  })

  test('a remote that does not read loses the stream, and its messages do not grow our memory', async () => {
    const [near, far] = await windowedPair()
    far.pause()
    const { outbox, faults } = outboxOn(near, windowBytes)
    // One that is stuck for good, socket and all.
    near.onDrain = () => new Promise((_resolve, reject) => near.addEventListener('close', reject))
    let put = 0
    while (faults.length === 0 && put < 100) {
      outbox.put(bytes(7, 32 * 1024))
      put++
      await settled()
    }
    expect(faults).toEqual([expect.any(SlowReaderError)])
    // The window of the remote, the batch that is being written, and the queue.
    expect(put * 32 * 1024).toBeLessThan(4 * windowBytes)
    await over(far)
    expect(far.status).toBe('reset')
  })

  test('a remote that is behind is told of, and told of once when it has caught up', async () => {
    const [near, far] = await windowedPair()
    far.pause()
    const caughtUp: true[] = []
    const events = { onBroken: () => {}, onCaughtUp: () => void caughtUp.push(true) }
    const outbox = new Outbox(async () => near, 1024 * 1024, events)
    const put = (): boolean => outbox.put(bytes(1, 32 * 1024))
    await settled()
    let count = 0
    while (put()) {
      if (++count > 100) throw new Error('never behind')
      await settled()
    }
    // A window at the remote, one write at this side, and 256 KiB in the queue.
    expect(count * 32 * 1024).toBeGreaterThan(256 * 1024)
    expect(put()).toBe(false)
    expect(caughtUp).toEqual([])
    far.addEventListener('message', () => {})
    far.resume()
    for (let turn = 0; turn < 100 && caughtUp.length === 0; turn++) await settled()
    expect(put()).toBe(true)
    await settled()
    expect(caughtUp).toEqual([true])
  })

  test('no write is longer than 64 KiB, unless one payload is', async () => {
    const [near, far] = await streamPair()
    const sizes: number[] = []
    const send = near.send.bind(near)
    near.send = data => {
      sizes.push(data.byteLength)
      return send(data)
    }
    const { outbox } = outboxOn(near, 1024 * 1024)
    await settled()
    for (const kib of [30, 30, 30, 100, 10]) outbox.put(bytes(kib, kib * 1024))
    outbox.close()
    expect(await all(far)).toEqual([30, 30, 30, 100, 10])
    expect(sizes.map(size => Math.floor(size / 1024))).toEqual([60, 30, 100, 10])
  })

  test('what is put in within the spacing of two writes shares the second one, and the end does not wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const [near, far] = await streamPair()
      let writes = 0
      const send = near.send.bind(near)
      near.send = data => {
        writes++
        return send(data)
      }
      const outbox = new Outbox(async () => near, 1000, { onBroken: () => {} }, { spacingMs: 5 })
      await settled()
      outbox.put(bytes(1))
      await settled()
      expect(writes).toBe(1)
      for (const value of [2, 3]) {
        outbox.put(bytes(value))
        await settled()
      }
      expect(writes).toBe(1)
      await vi.advanceTimersByTimeAsync(5)
      expect(writes).toBe(2)
      outbox.put(bytes(4))
      outbox.close()
      await settled()
      expect([writes, await all(far)]).toEqual([3, [1, 2, 3, 4]])
    } finally {
      vi.useRealTimers()
    }
  })
})
