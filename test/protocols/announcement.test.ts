import { streamPair } from '@libp2p/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { followAnnouncements } from '#protocols/announcement/client.ts'
import { encodeAnnouncement } from '#protocols/announcement/codec.ts'
import { announcementProtocol, digestBuckets } from '#protocols/announcement/messages.ts'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { below, seededRandom } from '#src/core/random.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { network, otherNetwork, recordOf } from './support/peer-records.ts'
import { ada, adaKey, bob, bobKey, cyd, cydKey } from './support/peers.ts'
import { FakeHost, Inbox, over, sendFrame, settled } from './support/streams.ts'
import type { Ed25519PrivateKey, Stream } from '@libp2p/interface'
import type { Announcement, Digest, Follow } from '#protocols/announcement/messages.ts'
import type { OpenStream } from '#protocols/streams/exchange.ts'

const joined = (owner: Ed25519PrivateKey, name: string): Announcement => ({
  type: 'joined',
  record: recordOf(owner, name)
})
const caughtUp = { type: 'caught-up' } as const
const fatRecord = recordOf(adaKey, 'ada', { addresses: [`/dns4/${'a'.repeat(123)}/tcp/1`] })

class Seed {
  readonly host = new FakeHost()
  readonly registered: Announcement[] = []
  readonly faults: string[] = []
  /** Who has asked for the list, and what they know of it. */
  readonly follows: [string, Digest | undefined][] = []
  isPart = false
  readonly server: AnnouncementServer

  static async start(followersMax = 10): Promise<Seed> {
    const seed = new Seed(followersMax)
    await seed.server.start(seed.host)
    return seed
  }

  private constructor(followersMax: number) {
    const onFault = (remote: string, protocol: string, { name }: Error): void =>
      void this.faults.push(`${remote} ${protocol} ${name}`)
    this.server = new AnnouncementServer(
      () => network,
      (follower, { digest }) => {
        this.follows.push([follower, digest])
        return [...this.registered, this.isPart ? { ...caughtUp, part: true } : caughtUp]
      },
      followersMax,
      onFault
    )
  }
}

/** Follows; `end` resolves to what followAnnouncements threw. */
function follow(
  open: OpenStream,
  how: Partial<Follow> = {}
): { heard: Inbox<Announcement>; end: Promise<Error>; stop: AbortController } {
  const heard = new Inbox<Announcement>()
  const stop = new AbortController()
  const end = followAnnouncements(open, () => ({ network, ...how }), heard.put, stop.signal).catch(
    (error: unknown) => error as Error
  )
  return { heard, end, stop }
}

type Following = ReturnType<typeof follow> | undefined

/** A seed that does this with the follower's stream. */
const seedThat =
  (act: (stream: Stream) => void): OpenStream =>
  async () => {
    const [near, far] = await streamPair()
    act(far)
    return near
  }

afterEach(() => void vi.restoreAllMocks())

describe('announcements', () => {
  test('first who is registered, then that this was all, then the changes as they happen', async () => {
    const seed = await Seed.start()
    seed.registered.push(joined(adaKey, 'ada'), joined(bobKey, 'bob'))
    const { heard } = follow(seed.host.from(cyd))
    expect([await heard.next(), await heard.next(), await heard.next()]).toEqual([...seed.registered, caughtUp])
    const changes: Announcement[] = [joined(cydKey, 'cyd'), { type: 'removed', id: ada, reason: 'dead' }]
    for (const change of changes) seed.server.announce(change)
    expect([await heard.next(), await heard.next()]).toEqual(changes)
    expect(heard.waiting).toEqual([])
  })

  test('every follower hears a change, one that comes later only its result', async () => {
    const seed = await Seed.start()
    const early = [follow(seed.host.from(ada)), follow(seed.host.from(bob))]
    for (const { heard } of early) expect(await heard.next()).toEqual(caughtUp)
    seed.server.announce(joined(cydKey, 'cyd'))
    for (const { heard } of early) expect(await heard.next()).toEqual(joined(cydKey, 'cyd'))
    const late = follow(seed.host.from(cyd))
    expect(await late.heard.next()).toEqual(caughtUp)
  })

  test('a follower beyond the limit is turned away; when another has gone there is room again', async () => {
    const seed = await Seed.start(1)
    const first = follow(seed.host.from(ada))
    expect(await first.heard.next()).toEqual(caughtUp)
    const second = follow(seed.host.from(bob))
    expect((await second.end).name).toBe('StreamEndedError')
    expect(second.heard.waiting).toEqual([])
    first.stop.abort()
    await first.end
    await settled()
    const third = follow(seed.host.from(cyd))
    expect(await third.heard.next()).toEqual(caughtUp)
    // Coming and going is no fault.
    expect(seed.faults).toEqual([])
  })

  test('a follower of another network is told so, and hears nothing', async () => {
    const seed = await Seed.start()
    seed.registered.push(joined(adaKey, 'ada'))
    const inbound: Stream[] = []
    const { heard, end } = follow(seed.host.from(cyd, inbound), { network: otherNetwork })
    const { name, message } = await end
    expect(name).toBe('OtherNetworkError')
    expect(message).toMatch('config.txt lists other seeds')
    seed.server.announce(joined(bobKey, 'bob'))
    await over(inbound[0] as Stream)
    expect(heard.waiting).toEqual([])
    // Told where it can be mended; here it is no fault.
    expect(seed.faults).toEqual([])
  })

  test.each<[string, string, (stream: Stream) => void]>([
    ['says what names no network', 'MalformedMessageError', stream => sendFrame(stream, Uint8Array.of(0x08, 1))],
    ['sends too long a frame', 'FrameTooLargeError', stream => sendFrame(stream, new Uint8Array(1025))],
    ['says nothing and closes its end', 'UnexpectedMessageError', stream => void stream.close()]
  ])('a follower that %s: %s', async (_what, name, act) => {
    const seed = await Seed.start(1)
    const stream = await seed.host.from(ada)(announcementProtocol, new AbortController().signal)
    act(stream)
    await over(stream)
    expect(seed.faults).toEqual([`${ada} ${announcementProtocol} ${name}`])
    const { heard } = follow(seed.host.from(bob))
    expect(await heard.next()).toEqual(caughtUp)
  })

  test('a follower that says nothing is reset when its time is over', async () => {
    const controller = new AbortController()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(controller.signal)
    const seed = await Seed.start()
    const stream = await seed.host.from(ada)(announcementProtocol, new AbortController().signal)
    await settled()
    expect(stream.status).toBe('open')
    controller.abort()
    await over(stream)
    expect(seed.faults).toEqual([`${ada} ${announcementProtocol} DeadlineError`])
  })

  describe('to followers that take a part', () => {
    const left = (id: string): Announcement => ({ type: 'removed', id, reason: 'left' })

    test('only what is for them is told, and whoever follows for everything hears it all', async () => {
      const seed = await Seed.start()
      const [whole, part] = [follow(seed.host.from(ada)), follow(seed.host.from(bob), { part: true })]
      for (const { heard } of [whole, part]) expect(await heard.next()).toEqual(caughtUp)
      seed.server.announce(left(ada), [ada, cyd])
      seed.server.announce(left(bob), [bob])
      seed.server.tell(left(cyd), [ada, bob])
      await settled()
      expect(whole.heard.waiting).toEqual([left(ada), left(bob)])
      expect(part.heard.waiting).toEqual([left(bob), left(cyd)])
    })

    test('everything is told, as long as everything is for everybody', async () => {
      const seed = await Seed.start()
      const { heard } = follow(seed.host.from(bob), { part: true })
      await settled()
      seed.server.announce(left(ada))
      seed.server.announce(left(cyd))
      await settled()
      expect(heard.waiting).toEqual([caughtUp, left(ada), left(cyd)])
    })

    test.each<[string, (seed: Seed) => void]>([
      ['something was not for them', seed => seed.server.announce(left(cyd), [])],
      ['something was for some of them', seed => seed.server.tell(left(cyd), [ada])],
      ['the list had not all in it', () => {}]
    ])('the whole list is told anew when all is for everybody again after %s', async (what, miss) => {
      const seed = await Seed.start()
      seed.isPart = what.startsWith('the list')
      const [whole, part] = [follow(seed.host.from(ada)), follow(seed.host.from(bob), { part: true })]
      await settled()
      miss(seed)
      seed.server.announce(left(ada))
      expect((await part.end).message).toBe('the seed closed the stream')
      await settled()
      expect(whole.heard.waiting.at(-1)).toEqual(left(ada))
      seed.isPart = false
      const again = follow(seed.host.from(bob), { part: true })
      expect(await again.heard.next()).toEqual(caughtUp)
      // From then on nothing was missed.
      seed.server.announce(left(bob))
      expect(await again.heard.next()).toEqual(left(bob))
    })

    test('a second stream of one peer takes over, and the end of the first one changes nothing', async () => {
      const seed = await Seed.start()
      const first = follow(seed.host.from(bob), { part: true })
      await settled()
      const second = follow(seed.host.from(bob), { part: true })
      await settled()
      first.stop.abort()
      await settled()
      seed.server.announce(left(cyd), [bob])
      await settled()
      expect(second.heard.waiting).toEqual([caughtUp, left(cyd)])
    })

    test(
      'random: each hears the list, then each change that is for it, once and in order',
      { timeout: 60_000 },
      async () => {
        for (const run of runsOf(20)) {
          const random = seededRandom(run)
          const seed = await Seed.start()
          const followers = [ada, bob, cyd].map(peer => ({
            peer,
            part: random() < 0.5,
            heard: [] as Announcement[],
            expected: [] as Announcement[],
            following: undefined as Following
          }))
          for (let step = 1; step <= 60; step++) {
            const one = followers[below(random, 3)] as (typeof followers)[number]
            if (one.following === undefined) {
              one.following = follow(seed.host.from(one.peer), { part: one.part })
              one.expected.push(caughtUp)
              await settled()
            } else if (random() < 0.1) {
              await settled()
              one.heard.push(...one.following.heard.waiting)
              one.following.stop.abort()
              one.following = undefined
              await settled()
            } else {
              const change: Announcement = { type: 'joined', record: { ...recordOf(adaKey, 'ada'), seq: step } }
              const to = [ada, bob, cyd].filter(() => random() < 0.5)
              seed.server.announce(change, to)
              for (const { part, peer, following, expected } of followers)
                if (following !== undefined && (!part || to.includes(peer))) expected.push(change)
            }
          }
          await settled()
          for (const { heard, expected, following } of followers)
            expect([...heard, ...(following?.heard.waiting ?? [])], replay(run)).toEqual(expected)
        }
      }
    )
  })

  test('the seed hears who follows, and what it knows already', async () => {
    const seed = await Seed.start()
    const digest = Array.from({ length: digestBuckets }, (_, bucket) => bucket * 2 ** 40)
    for (const how of [{}, { digest }]) expect(await follow(seed.host.from(cyd), how).heard.next()).toEqual(caughtUp)
    expect(seed.follows).toEqual([
      [cyd, undefined],
      [cyd, digest]
    ])
  })

  test('a follower that takes its time over an announcement hears the next one after it', async () => {
    const seed = await Seed.start()
    seed.registered.push(joined(adaKey, 'ada'), joined(bobKey, 'bob'))
    const order: string[] = []
    const done = Promise.withResolvers<void>()
    const slow = async ({ type }: Announcement): Promise<void> => {
      order.push(`${type} begins`)
      await settled()
      order.push(`${type} ends`)
      if (type === 'caught-up') done.resolve()
    }
    const stop = new AbortController()
    followAnnouncements(seed.host.from(cyd), () => ({ network }), slow, stop.signal).catch(() => {})
    await done.promise
    stop.abort()
    const both = ['joined begins', 'joined ends']
    expect(order).toEqual([...both, ...both, 'caught-up begins', 'caught-up ends'])
  })

  test('libp2p is told to let each connection have two streams', async () => {
    const seed = await Seed.start()
    expect(seed.host.options.get(announcementProtocol)).toEqual({ maxInboundStreams: 2 })
  })

  test('whoever stops following hears nothing more, and the stream is over', async () => {
    const seed = await Seed.start()
    const inbound: Stream[] = []
    const { heard, end, stop } = follow(seed.host.from(ada, inbound))
    await heard.next()
    stop.abort()
    expect((await end).name).toBe('StreamEndedError')
    seed.server.announce(caughtUp)
    await over(inbound[0] as Stream)
    expect(heard.waiting).toEqual([])
  })

  test('when the seed stops, what it has said last is still heard', async () => {
    const seed = await Seed.start()
    const { heard, end } = follow(seed.host.from(ada))
    await heard.next()
    seed.server.announce({ type: 'removed', id: bob, reason: 'left' })
    seed.server.stop()
    expect(await heard.next()).toEqual({ type: 'removed', id: bob, reason: 'left' })
    expect((await end).message).toBe('the seed closed the stream')
  })

  test('a follower that falls too far behind is cut off and named', async () => {
    const seed = await Seed.start()
    const { heard, end } = follow(seed.host.from(ada))
    await heard.next()
    for (let count = 0; count < 8000; count++) seed.server.announce({ type: 'joined', record: fatRecord })
    expect((await end).name).toBe('StreamEndedError')
    expect(seed.faults).toEqual([`${ada} ${announcementProtocol} SlowReaderError`])
  })
})

describe('followAnnouncements', () => {
  test.each<[string, string, (stream: Stream) => void]>([
    ['closes', 'StreamEndedError', stream => void stream.close()],
    ['says what is no announcement', 'MalformedMessageError', stream => sendFrame(stream, Uint8Array.of(0xff))],
    ['sends too long a frame', 'FrameTooLargeError', stream => sendFrame(stream, new Uint8Array(1025))],
    [
      'stops in the middle of a frame',
      'TruncatedFrameError',
      stream => {
        stream.send(Uint8Array.of(9, 1))
        void stream.close()
      }
    ]
  ])('a seed that %s: %s', async (_what, name, act) => {
    expect((await follow(seedThat(act)).end).name).toBe(name)
  })

  test('what came before the fault is heard', async () => {
    const { heard, end } = follow(
      seedThat(stream => {
        sendFrame(stream, encodeAnnouncement(caughtUp))
        sendFrame(stream, Uint8Array.of(0xff))
      })
    )
    expect((await end).name).toBe('MalformedMessageError')
    expect(heard.waiting).toEqual([caughtUp])
  })

  test('a seed that cannot be dialled: what libp2p said', async () => {
    const refused = new Error('ECONNREFUSED')
    expect(await follow(() => Promise.reject(refused)).end).toBe(refused)
  })

  test('a seed whose stream does not open in time: DeadlineError', async () => {
    const controller = new AbortController()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(controller.signal)
    const { end } = follow(
      (_protocol, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    )
    controller.abort(new DOMException('time is up', 'TimeoutError'))
    expect((await end).name).toBe('DeadlineError')
  })
})
