import { streamPair } from '@libp2p/utils'
import { StreamResetError, StreamStateError } from '@libp2p/interface'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { reportDead } from '#protocols/dead-report/client.ts'
import { serveDeadReports } from '#protocols/dead-report/server.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { StreamEndedError } from '#protocols/streams/errors.ts'
import { answer, asError, ask, exchangeMsMax } from '#protocols/streams/exchange.ts'
import { encodeFrame, encodeFrames } from '#protocols/streams/frames.ts'
import { network } from './support/peer-records.ts'
import { ada, bob } from './support/peers.ts'
import { FakeHost, Inbox, over, settled } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'
import type { OpenStream } from '#protocols/streams/exchange.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const protocol = '/test/1'

interface Fault {
  readonly remote: string
  readonly protocol: string
  readonly name: string
}

/** A node that answers each request with what `reply` makes of it, and the faults it was told of. */
async function serving(reply: (request: Uint8Array) => Uint8Array): Promise<{ host: FakeHost; faults: Inbox<Fault> }> {
  const host = new FakeHost()
  const faults = new Inbox<Fault>()
  const onFault = (remote: string, on: string, { name }: Error): void => faults.put({ remote, protocol: on, name })
  await answer(host, protocol, 100, reply, onFault)
  return { host, faults }
}

/** Deadlines that pass when the test says so. */
function deadlines(): { ms: number; pass: () => void }[] {
  const made: { ms: number; pass: () => void }[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => {
    const controller = new AbortController()
    made.push({ ms, pass: () => controller.abort(new DOMException('time is up', 'TimeoutError')) })
    return controller.signal
  })
  return made
}

afterEach(() => void vi.restoreAllMocks())

describe('ask and answer', () => {
  test('one request, one reply, and both ends of the stream are closed', async () => {
    const { host, faults } = await serving(request => bytes(...request, 9))
    const inbound: Stream[] = []
    const outbound: Stream[] = []
    const open: OpenStream = async (on, signal) => {
      const stream = await host.from(ada, inbound)(on, signal)
      outbound.push(stream)
      return stream
    }
    expect(await ask(open, protocol, bytes(1, 2), 100)).toEqual(bytes(1, 2, 9))
    await settled()
    expect([...inbound, ...outbound].map(({ status }) => status)).toEqual(['closed', 'closed'])
    expect(faults.waiting).toEqual([])
  })

  test('many at once do not mix', async () => {
    const { host } = await serving(request => request)
    const asked = Array.from({ length: 20 }, (_, at) => ask(host.from(ada), protocol, bytes(at, at), 100))
    expect((await Promise.all(asked)).map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, at) => at))
  })

  test('a second frame on the stream is not a second request', async () => {
    const asked: Uint8Array[] = []
    const { host } = await serving(request => {
      asked.push(request)
      return request
    })
    const stream = await host.from(ada)(protocol, new AbortController().signal)
    stream.send(encodeFrames([bytes(1), bytes(2)]))
    await stream.close()
    await over(stream)
    expect(asked).toEqual([bytes(1)])
  })

  test('what the handler throws costs its stream and nothing else', async () => {
    const { host, faults } = await serving(request => {
      if (request[0] === 13) throw new RangeError('thirteen')
      return request
    })
    await expect(ask(host.from(ada), protocol, bytes(13), 100)).rejects.toThrow(StreamEndedError)
    expect(await faults.next()).toEqual({ remote: ada, protocol, name: 'RangeError' })
    expect(await ask(host.from(ada), protocol, bytes(1), 100)).toEqual(bytes(1))
    expect(host.thrown).toEqual([])
  })
})

describe('answer', () => {
  test.each([
    ['ffff7f', 'FrameTooLargeError'],
    ['65', 'FrameTooLargeError'],
    ['00', 'FramePrefixError'],
    ['80808001', 'FramePrefixError'],
    ['05aabb', 'TruncatedFrameError'],
    ['', 'UnexpectedMessageError']
  ])('the request %s is a %s and resets the stream', async (hex, name) => {
    const { host, faults } = await serving(request => request)
    const stream = await host.from(bob)(protocol, new AbortController().signal)
    stream.send(Buffer.from(hex, 'hex'))
    // A stream may be reset before our end of it is closed.
    await stream.close().catch(() => {})
    expect(await faults.next()).toEqual({ remote: bob, protocol, name })
    await over(stream)
    expect(stream.status).toBe('reset')
    expect(host.thrown).toEqual([])
  })

  test('a remote that resets its request is told of as an ended stream', async () => {
    const { host, faults } = await serving(request => request)
    const stream = await host.from(bob)(protocol, new AbortController().signal)
    stream.send(bytes(5, 1))
    await settled()
    stream.abort(new Error('changed my mind'))
    expect(await faults.next()).toMatchObject({ name: 'StreamEndedError' })
  })

  test('a request that does not come within the deadline costs the stream', async () => {
    const made = deadlines()
    const { host, faults } = await serving(request => request)
    const stream = await host.from(bob)(protocol, new AbortController().signal)
    stream.send(bytes(5, 1))
    await settled()
    expect([faults.waiting, made.map(({ ms }) => ms)]).toEqual([[], [exchangeMsMax]])
    made[0]?.pass()
    expect(await faults.next()).toMatchObject({ remote: bob, protocol })
    await over(stream)
    expect(stream.status).toBe('reset')
  })
})

describe('ask', () => {
  /** A remote that does this with the request's stream. */
  const remote =
    (act: (stream: Stream) => void): OpenStream =>
    async () => {
      const [near, far] = await streamPair()
      act(far)
      return near
    }

  test.each<[string, string, (stream: Stream) => void]>([
    ['closes without a word', 'UnexpectedMessageError', stream => void stream.close()],
    ['resets', 'StreamEndedError', stream => void settled().then(() => stream.abort(new Error('crash')))],
    ['replies with too much', 'FrameTooLargeError', stream => void stream.send(encodeFrame(new Uint8Array(101)))],
    ['replies with an empty frame', 'FramePrefixError', stream => void stream.send(bytes(0))],
    [
      'stops in the middle of its reply',
      'TruncatedFrameError',
      stream => {
        stream.send(bytes(5, 1, 2))
        void stream.close()
      }
    ]
  ])('a remote that %s: %s', async (_what, name, act) => {
    const failure = await ask(remote(act), protocol, bytes(1), 100).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name })
  })

  test('a reply is good though the remote does not close its end, and what follows it is ignored', async () => {
    const open = remote(stream => void stream.send(encodeFrames([bytes(1), bytes(2)])))
    expect(await ask(open, protocol, bytes(1), 100)).toEqual(bytes(1))
  })

  test('no reply within the deadline: DeadlineError, and the stream is reset', async () => {
    const made = deadlines()
    const [near, far] = await streamPair()
    const asking = ask(async () => near, protocol, bytes(1), 100).catch((error: unknown) => error)
    await settled()
    made[0]?.pass()
    expect(await asking).toMatchObject({ name: 'DeadlineError' })
    await over(far)
    expect(far.status).toBe('reset')
  })

  test('no stream within the deadline: DeadlineError', async () => {
    const made = deadlines()
    const open: OpenStream = (_protocol, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    const asking = ask(open, protocol, bytes(1), 100).catch((error: unknown) => error)
    await settled()
    made[0]?.pass()
    expect(await asking).toMatchObject({ name: 'DeadlineError', cause: { name: 'TimeoutError' } })
  })

  test('a failed dial stays what libp2p said', async () => {
    const refused = new Error('ECONNREFUSED')
    await expect(ask(() => Promise.reject(refused), protocol, bytes(1), 100)).rejects.toBe(refused)
  })
})

describe('asError', () => {
  test.each([new StreamResetError('x'), new StreamStateError('x')])('$name goes under our own name', error => {
    expect(asError(error)).toMatchObject({ name: 'StreamEndedError', cause: error })
  })

  test('anything else stays what it is', () => {
    const own = new StreamEndedError('x')
    const foreign = new TypeError('x')
    expect([asError(own), asError(foreign), asError('x')]).toEqual([own, foreign, new Error('x')])
  })
})

describe('registration and dead-report', () => {
  test('registration: the seed hears who asks and where from, and its reply comes back', async () => {
    const host = new FakeHost()
    const heard: unknown[] = []
    await serveRegistration(
      host,
      (peer, request, address) => {
        heard.push([peer, request, address.toString()])
        return { type: 'refused', reason: 'name-taken', holder: bob }
      },
      () => {}
    )
    const request = { type: 'reserve', name: 'ada', network } as const
    const reply = await requestRegistration(host.from(ada), request)
    expect(reply).toEqual({ type: 'refused', reason: 'name-taken', holder: bob })
    expect(heard).toEqual([[ada, request, '/ip4/192.0.2.7/tcp/4001']])
  })

  test('dead-report: the reporter is the one that libp2p has authenticated', async () => {
    const host = new FakeHost()
    const heard: unknown[] = []
    await serveDeadReports(
      host,
      (reporter, report) => {
        heard.push([reporter, report])
        return 'noted'
      },
      () => {}
    )
    expect(await reportDead(host.from(ada), { target: bob, missed: ['timeout'] })).toBe('noted')
    expect(heard).toEqual([[ada, { target: bob, missed: ['timeout'] }]])
  })

  test('a request that is no message of the protocol is the fault of the asker', async () => {
    const host = new FakeHost()
    const faults = new Inbox<string>()
    await serveRegistration(
      host,
      () => ({ type: 'left' }),
      (_remote, _protocol, { name }) => faults.put(name)
    )
    await expect(ask(host.from(ada), registrationProtocol, bytes(0xff), 100)).rejects.toThrow(StreamEndedError)
    expect(await faults.next()).toBe('MalformedMessageError')
  })
})
