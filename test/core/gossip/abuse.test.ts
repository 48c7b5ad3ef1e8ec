import { describe, expect, test } from 'vitest'
import { gossip as settings } from '#src/gossip-settings.ts'
import { announce, carried, engineAmong, have, source } from '../../support/core/gossip-engine.ts'
import { batch } from '../../support/core/gossip-network.ts'

const last = 2 ** 32 - 1

describe('a neighbour that means no good', () => {
  test('cannot take the place of a life that has signed something by naming others', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    from(1, carried(1))
    const invented = [5, 6, 7, 8, 9].map(epoch => ({ origin: source.origin, epoch, from: 1, to: 1 }))
    from(2, { type: 'have', spans: invented }, 100)
    expect(from(1, carried(2), 200)).toEqual(['deliver #2'])
    // Nor is anybody kept from telling of a life that is true: only the latest to be named are remembered.
    from(1, carried(1, 1, { epoch: 9 }), 300)
    expect(wake(10_000).filter(line => line.includes('9-9'))).toEqual([])
    expect(from(1, carried(2, 1, { epoch: 9 }), 400)).toContain('deliver #2')
  })

  test('cannot take the place of our own life', () => {
    const { engine, from, out, heard } = engineAmong([1, 2])
    const epochs = [1, 2, 3, 4, 5, 6].map(epoch => ({ origin: 0, epoch, from: 1, to: 9 }))
    from(1, { type: 'have', spans: epochs })
    for (const { epoch } of epochs.slice(1)) from(1, { type: 'batch', batch: batch(0, 1, { epoch }), hops: 1 }, 10)
    engine.publish(batch(0, 1), 20, out)
    heard()
    const own = { origin: 0, epoch: 1 }
    expect(from(2, { type: 'subscribe', source: own, mode: 'eager', after: 0, must: false }, 30)).toEqual([
      '2 batch #1 hop 1'
    ])
  })

  test('cannot fill the examination for good, though lives make room while their batches are examined', () => {
    const { engine, from, examined, out, heard } = engineAmong([1, 2], { examinedMax: 4, epochsMax: 2 }, true)
    const decide = (): void => {
      for (const one of examined.splice(0)) engine.judged(one, 'accept', 1, out)
    }
    for (let round = 0; round < 20; round++) {
      for (const epoch of [0, 1, 2, 3]) from(1, carried(1, 1, { epoch: 10 + 4 * round + epoch }))
      decide()
    }
    heard()
    expect(engine.receive(1, { type: 'batch', batch: batch(8, 1), hops: 1 }, 2, out)).toBe('taken')
    decide()
    expect(heard()).toContain('deliver #1')
  })

  test('gets no more for one wish than others, however often it says it', () => {
    const { from } = engineAmong([1, 2])
    for (let sequence = 1; sequence <= 9; sequence++) from(1, carried(sequence))
    const spans = Array.from({ length: 1_000 }, () => ({ ...source, from: 1, to: 9 }))
    expect(from(2, { type: 'want', spans })).toHaveLength(256)
  })

  test('makes nobody look at more than a bounded number of names in one record', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    const spans = [
      { ...source, from: 1, to: last },
      { ...source, origin: 8, from: 1, to: 1 }
    ]
    from(1, { type: 'have', spans })
    // As many as one neighbour is asked for at a time, and nothing of the second span: the first has used up the record.
    expect(wantedIn(wake(settings.patienceMs))).toHaveLength(settings.asksMax)
    expect(wantedIn(wake(settings.patienceMs + 1))).toHaveLength(0)
    expect(from(2, { type: 'have', spans: [{ ...source, origin: 8, from: 1, to: 1 }] }, 100)).toEqual([])
  })

  test('is asked for no more than its share at a time, and the rest later', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    from(1, carried(200))
    wake(settings.settleMs)
    from(2, have(1, 199), 1_000)
    const asked = wantedIn(wake(1_100))
    expect(asked).toHaveLength(settings.asksMax)
    for (const sequence of asked) from(2, { type: 'batch', batch: batch(9, sequence), hops: 1 }, 1_150)
    const next = wantedIn(wake(1_400))
    expect(next).toHaveLength(settings.asksMax)
    expect(next.filter(sequence => asked.includes(sequence))).toEqual([])
  })
})

/** The sequences that are asked for in what was said. */
function wantedIn(said: readonly string[]): number[] {
  return said
    .filter(line => line.includes('want'))
    .flatMap(line => [...line.matchAll(/(\d+)-(\d+)/g)])
    .flatMap(([, from, to]) => Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => Number(from) + at))
}
