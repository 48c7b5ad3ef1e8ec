import { streamPair } from '@libp2p/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeOverlayMessage } from '#protocols/overlay/codec.ts'
import { overlayProtocol } from '#protocols/overlay/messages.ts'
import { OverlayService } from '#protocols/overlay/service.ts'
import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { ada, bob, cyd } from './support/peers.ts'
import { FakeHost, over, sendFrame, settled } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'
import type { OverlayMessage, UnlinkReason } from '#protocols/overlay/messages.ts'

/** A peer's service and everything that it tells, one line each. */
async function peer(): Promise<{ service: OverlayService; host: FakeHost; told: string[] }> {
  const host = new FakeHost()
  const told: string[] = []
  const name = (id: string): string =>
    new Map([
      [ada, 'ada'],
      [bob, 'bob']
    ]).get(id) ?? 'cyd'
  const service = new OverlayService({
    onAsked: (id, { nonce, name: claimed, want, redeem }) =>
      void told.push(`${name(id)} ${redeem ? 'redeems' : 'asks'} #${nonce} as ${claimed}, ${want}`),
    onAccepted: (id, nonce, spliced) => void told.push(`${name(id)} accepts #${nonce}${spliced ? ', spliced' : ''}`),
    onEnded: (id, nonce, end, goTo) => {
      const where = goTo === undefined ? '' : `, go to ${name(goTo.peer)} as ${goTo.name} with #${goTo.nonce}`
      told.push(`${name(id)} ends #${nonce}: ${end}${where}`)
    },
    onFault: (id, protocol, fault) => void told.push(`${name(id)} ${protocol} ${fault.name}`)
  })
  await service.start(host)
  return { service, host, told }
}

const request = { nonce: 5, name: 'ada', want: 1, redeem: false } as const
const link: OverlayMessage = { type: 'link', ...request }

/** No decoder takes it. */
const referral: OverlayMessage = { type: 'unlink', reason: 'leaving', goTo: { peer: cyd, name: 'cyd', nonce: 77 } }

function say(stream: Stream, message: OverlayMessage): void {
  sendFrame(stream, encodeOverlayMessage(message))
}

/** Ada's service has asked for a link over a stream whose other end is in the test's hands. */
async function asking(): Promise<{ service: OverlayService; told: string[]; far: Stream }> {
  const { service, told } = await peer()
  const [near, far] = await streamPair()
  service.ask(bob, async () => near, request)
  await settled()
  return { service, told, far }
}

/** Ada, in the test's hands, has opened a stream to bob's service. */
async function asked(first?: OverlayMessage): Promise<{
  service: OverlayService
  told: string[]
  host: FakeHost
  stream: Stream
}> {
  const bobs = await peer()
  const stream = await bobs.host.from(ada)(overlayProtocol, new AbortController().signal)
  if (first !== undefined) say(stream, first)
  await settled()
  return { ...bobs, stream }
}

afterEach(() => void vi.useRealTimers())

describe('a link between two services', () => {
  const linked = async () => {
    const [adas, bobs] = [await peer(), await peer()]
    adas.service.ask(bob, bobs.host.from(ada), request)
    await settled()
    bobs.service.accept(ada, 5, false)
    await settled()
    expect([adas.told.splice(0), bobs.told.splice(0)]).toEqual([['bob accepts #5'], ['ada asks #5 as ada, 1']])
    return [adas, bobs] as const
  }

  test.each<UnlinkReason>(['spliced', 'leaving', 'over-target', 'duplicate', 'fault', 'too-late'])(
    'is made, and let go by the asker: %s',
    async reason => {
      const [adas, bobs] = await linked()
      adas.service.unlink(bob, 5, reason)
      await settled()
      // Each side hears of an end exactly when it has not made it.
      expect([adas.told, bobs.told]).toEqual([[], [`ada ends #5: ${reason}`]])
    }
  )

  test('is let go by a peer that waits until it was heard', async () => {
    const { service, stream } = await asked(link)
    service.accept(ada, 5, false)
    await service.heard()
    service.unlink(ada, 5, 'leaving')
    let heard = false
    const hearing = service.heard().then(() => (heard = true))
    await settled()
    expect(heard).toBe(false)
    await stream.close()
    await hearing
    await service.heard()
  })

  test('is let go by a splice, with a referral', async () => {
    const [adas, bobs] = await linked()
    bobs.service.unlink(ada, 5, 'spliced', { peer: cyd, name: 'cyd', nonce: 77 })
    await settled()
    expect([adas.told, bobs.told]).toEqual([['bob ends #5: spliced, go to cyd as cyd with #77'], []])
  })

  test('is let go by a splice of the asker', async () => {
    const [adas, bobs] = await linked()
    adas.service.unlink(bob, 5, 'spliced', { peer: cyd, name: 'cyd', nonce: 77 })
    await settled()
    expect(bobs.told).toEqual(['ada ends #5: spliced, go to cyd as cyd with #77'])
  })

  test('is made by a splice', async () => {
    const [adas, bobs] = [await peer(), await peer()]
    adas.service.ask(bob, bobs.host.from(ada), { ...request, want: 2 })
    await settled()
    bobs.service.accept(ada, 5, true)
    await settled()
    expect([adas.told, bobs.told]).toEqual([['bob accepts #5, spliced'], ['ada asks #5 as ada, 2']])
  })

  test('is made by redeeming a referral, whose nonce another link of the same peer may have', async () => {
    const [adas, bobs, cyds] = [await peer(), await peer(), await peer()]
    adas.service.ask(bob, bobs.host.from(ada), { ...request, want: 2 })
    cyds.service.ask(ada, adas.host.from(cyd), { nonce: 5, name: 'cyd', want: 1, redeem: true })
    await settled()
    adas.service.accept(cyd, 5, false)
    bobs.service.accept(ada, 5, true)
    await settled()
    expect(adas.told).toEqual(['cyd redeems #5 as cyd, 1', 'bob accepts #5, spliced'])
    cyds.service.unlink(ada, 5, 'leaving')
    await settled()
    expect(adas.told.slice(2)).toEqual(['cyd ends #5: leaving'])
  })

  test('is let go by the one that was asked', async () => {
    const [adas, bobs] = await linked()
    bobs.service.unlink(ada, 5, 'over-target')
    await settled()
    expect([adas.told, bobs.told]).toEqual([['bob ends #5: over-target'], []])
  })

  test('is let go by both at the same moment', async () => {
    const [adas, bobs] = await linked()
    adas.service.unlink(bob, 5, 'leaving')
    bobs.service.unlink(ada, 5, 'leaving')
    await settled()
    expect([adas.told, bobs.told]).toEqual([[], []])
  })

  test('is refused', async () => {
    const [adas, bobs] = [await peer(), await peer()]
    adas.service.ask(bob, bobs.host.from(ada), { ...request, want: 2 })
    await settled()
    bobs.service.refuse(ada, 5)
    await settled()
    expect([adas.told, bobs.told]).toEqual([['bob ends #5: refused'], ['ada asks #5 as ada, 2']])
  })

  test('two requests that cross live side by side, each by its nonce', async () => {
    const [adas, bobs] = [await peer(), await peer()]
    adas.service.ask(bob, bobs.host.from(ada), request)
    bobs.service.ask(ada, adas.host.from(bob), { nonce: 9, name: 'bob', want: 1, redeem: false })
    await settled()
    bobs.service.unlink(ada, 9, 'duplicate')
    await settled()
    bobs.service.accept(ada, 5, false)
    await settled()
    expect(adas.told).toEqual(['bob asks #9 as bob, 1', 'bob ends #9: duplicate', 'bob accepts #5'])
    expect(bobs.told).toEqual(['ada asks #5 as ada, 1'])
    expect(adas.host.options.get(overlayProtocol)).toEqual({ maxInboundStreams: 3 })
  })
})

describe('the one that asks', () => {
  test.each<[string, OverlayMessage[], string[]]>([
    ['accept for another nonce', [{ type: 'accept', nonce: 6, spliced: false }], ['UnexpectedMessageError', 'fault']],
    ['refuse for another nonce', [{ type: 'refuse', nonce: 6 }], ['UnexpectedMessageError', 'fault']],
    ['link in answer to link', [link], ['UnexpectedMessageError', 'fault']],
    ['unlink before an answer', [{ type: 'unlink', reason: 'leaving' }], ['leaving']],
    ['a referral for another reason', [referral], ['MalformedMessageError', 'fault']]
  ])('%s', async (_what, answers, expected) => {
    const { told, far } = await asking()
    for (const answer of answers) say(far, answer)
    await settled()
    expect(told.map(line => line.split(' ').at(-1))).toEqual(expected)
  })

  test.each<OverlayMessage>([
    { type: 'accept', nonce: 5, spliced: false },
    { type: 'refuse', nonce: 5 }
  ])('a second answer is a fault: $type', async second => {
    const { told, far } = await asking()
    say(far, { type: 'accept', nonce: 5, spliced: false })
    say(far, second)
    await settled()
    expect(told).toEqual(['bob accepts #5', `bob ${overlayProtocol} UnexpectedMessageError`, 'bob ends #5: fault'])
    expect(far.status).toBe('reset')
  })

  test.each<[string, (far: Stream) => void, string[]]>([
    ['closes without a word', far => void far.close(), ['bob ends #5: lost']],
    ['crashes', far => far.abort(new Error('crash')), ['bob ends #5: lost']],
    [
      'dies in the middle of a frame',
      far => {
        far.send(Uint8Array.of(9, 1))
        void far.close()
      },
      [`bob ${overlayProtocol} TruncatedFrameError`, 'bob ends #5: lost']
    ],
    [
      'sends garbage',
      far => sendFrame(far, Uint8Array.of(0xff)),
      [`bob ${overlayProtocol} MalformedMessageError`, 'bob ends #5: fault']
    ],
    [
      'sends a frame that is too long',
      far => sendFrame(far, new Uint8Array(257)),
      [`bob ${overlayProtocol} FrameTooLargeError`, 'bob ends #5: fault']
    ]
  ])('the asked one %s', async (_what, act, expected) => {
    const { told, far } = await asking()
    act(far)
    await settled()
    expect(told).toEqual(expected)
  })

  test('a peer that cannot be dialled is unreachable', async () => {
    const { service, told } = await peer()
    service.ask(bob, () => Promise.reject(new TypeError('no address')), request)
    await settled()
    expect(told).toEqual([`bob ${overlayProtocol} TypeError`, 'bob ends #5: unreachable'])
  })

  test('an attempt given up while it is being dialled leaves nothing behind', async () => {
    const { service, told } = await peer()
    const [near, far] = await streamPair()
    const dialled = Promise.withResolvers<Stream>()
    service.ask(bob, () => dialled.promise, request)
    service.unlink(bob, 5, 'too-late')
    dialled.resolve(near)
    await over(far)
    expect([far.status, told]).toEqual(['reset', []])
  })

  test('an attempt given up while it is being dialled, and the dial fails: not a word', async () => {
    const { service, told } = await peer()
    const dialled = Promise.withResolvers<Stream>()
    service.ask(bob, () => dialled.promise, request)
    service.unlink(bob, 5, 'too-late')
    dialled.reject(new Error('no address'))
    await settled()
    expect(told).toEqual([])
  })

  test('an attempt given up unanswered: a late answer changes nothing', async () => {
    const { service, told, far } = await asking()
    service.unlink(bob, 5, 'too-late')
    say(far, { type: 'accept', nonce: 5, spliced: false })
    await settled()
    expect(told).toEqual([])
  })

  test('one that does not close its end after the last word is reset', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { service, far } = await asking()
    service.unlink(bob, 5, 'too-late')
    await settled()
    vi.advanceTimersByTime(exchangeMsMax)
    await settled()
    expect(far.status).toBe('reset')
  })

  test('a word on a stream that has just ended is not worth an error', async () => {
    const { service, told, far } = await asking()
    far.abort(new Error('crash'))
    service.unlink(bob, 5, 'leaving')
    service.unlink(bob, 5, 'leaving')
    await settled()
    service.accept(bob, 5, false)
    await settled()
    expect(told).toEqual([])
  })
})

describe('the one that is asked', () => {
  test.each<[string, OverlayMessage]>([
    ['accept', { type: 'accept', nonce: 5, spliced: false }],
    ['refuse', { type: 'refuse', nonce: 5 }],
    ['unlink', { type: 'unlink', reason: 'leaving' }]
  ])('a stream that begins with %s is a fault', async (_what, first) => {
    const { told, stream } = await asked(first)
    expect([told, stream.status]).toEqual([[`ada ${overlayProtocol} UnexpectedMessageError`], 'reset'])
  })

  test.each<OverlayMessage>([link, { type: 'accept', nonce: 5, spliced: false }, { type: 'refuse', nonce: 5 }])(
    '$type from the asker after its request is a fault',
    async second => {
      const { told, stream } = await asked(link)
      say(stream, second)
      await settled()
      expect(told.slice(1)).toEqual([`ada ${overlayProtocol} UnexpectedMessageError`, 'ada ends #5: fault'])
    }
  )

  test('a nonce that is in use is refused, and the link that uses it stands', async () => {
    const { told, host, service, stream } = await asked(link)
    const second = await host.from(ada)(overlayProtocol, new AbortController().signal)
    say(second, link)
    await over(second)
    expect(told.slice(1)).toEqual([`ada ${overlayProtocol} UnexpectedMessageError`])
    service.accept(ada, 5, false)
    say(stream, { type: 'unlink', reason: 'leaving' })
    await settled()
    expect(told.slice(2)).toEqual(['ada ends #5: leaving'])
  })

  test('a nonce that is free again may be used again', async () => {
    const { told, host, service } = await asked(link)
    service.refuse(ada, 5)
    const second = await host.from(ada)(overlayProtocol, new AbortController().signal)
    say(second, link)
    await settled()
    expect(told).toEqual(['ada asks #5 as ada, 1', 'ada asks #5 as ada, 1'])
  })

  test('an asker that gives up before it has asked does no wrong', async () => {
    const { told, stream } = await asked()
    stream.abort(new Error('changed my mind'))
    await settled()
    expect(told).toEqual([])
  })

  test('garbage instead of a request has a name', async () => {
    const { told, stream } = await asked()
    sendFrame(stream, Uint8Array.of(0xff))
    await over(stream)
    expect(told).toEqual([`ada ${overlayProtocol} MalformedMessageError`])
  })

  test('a stream on which nothing is asked is reset after the time for one exchange', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { told, stream } = await asked()
    vi.advanceTimersByTime(exchangeMsMax - 1)
    await settled()
    expect(stream.status).toBe('open')
    vi.advanceTimersByTime(1)
    await settled()
    expect(stream.status).toBe('reset')
    expect(told.filter(line => line.includes('asks') || line.includes('ends'))).toEqual([])
  })

  test('a link stays open however long nobody says a word', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { told, service, stream } = await asked(link)
    service.accept(ada, 5, false)
    vi.advanceTimersByTime(24 * 3600_000)
    await settled()
    expect([stream.status, told.length]).toEqual(['open', 1])
  })
})
