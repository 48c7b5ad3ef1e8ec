import { describe, expect, test } from 'vitest'
import { batchMessagesMax, payloadBytesMax } from '#protocols/gossip/messages.ts'
import { BusyNetworkError, Publisher } from '#src/node/publisher.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length)

/** A publisher whose neighbours take what it says while the gate is open, and the batches that it has sent. */
function publisher(isOpen = true) {
  const gate = { isOpen }
  const sent: { readonly number: number; readonly payloads: readonly Uint8Array[] }[] = []
  const made = new Publisher(
    (payloads, number) => void sent.push({ number, payloads }),
    () => gate.isOpen
  )
  /** First number and lengths of what was sent. */
  const batches = (): [number, number[]][] =>
    sent.map(({ number, payloads }) => [number, payloads.map(({ byteLength }) => byteLength)])
  return { made, gate, sent, batches }
}

/** All microtasks that there are, and those that they bring. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('the publisher', () => {
  test('what is published in one turn is one batch, in its order, and what comes in the next turn another', async () => {
    const { made, batches } = publisher()
    const numbers = [1, 2, 3].map(length => made.publish(bytes(length)).number)
    expect(batches()).toEqual([])
    await turn()
    numbers.push(made.publish(bytes(4)).number)
    await turn()
    expect(numbers).toEqual([1, 2, 3, 4])
    expect(batches()).toEqual([
      [1, [1, 2, 3]],
      [4, [4]]
    ])
  })

  test('the payloads are those that were given', async () => {
    const { made, sent } = publisher()
    const payload = Uint8Array.of(7, 8)
    made.publish(payload)
    await turn()
    expect(sent[0]?.payloads[0]).toBe(payload)
  })

  test('a batch has 256 messages, the next one the rest', async () => {
    const { made, batches } = publisher()
    const accepted = Array.from({ length: 2 * batchMessagesMax + 1 }, () => made.publish(bytes(1)).accepted)
    await Promise.all(accepted)
    expect(batches().map(([number, lengths]) => [number, lengths.length])).toEqual([
      [1, batchMessagesMax],
      [batchMessagesMax + 1, batchMessagesMax],
      [2 * batchMessagesMax + 1, 1]
    ])
  })

  test('a batch has 64 KiB of payload, a single message may fill it', async () => {
    const { made, batches } = publisher()
    const half = payloadBytesMax / 2
    for (const length of [half, half, 1, payloadBytesMax, half, half + 1]) made.publish(bytes(length))
    await turn()
    expect(batches()).toEqual([
      [1, [half, half]],
      [3, [1]],
      [4, [payloadBytesMax]],
      [5, [half]],
      [6, [half + 1]]
    ])
  })

  test('a promise resolves when its message is sent and not before', async () => {
    const { made, gate, batches } = publisher()
    const told: string[] = []
    const publish = (name: string): Promise<unknown> =>
      made.publish(bytes(1)).accepted.then(() => told.push(`${name} of ${batches().length}`))
    void publish('first')
    expect(told).toEqual([])
    await turn()
    expect(told).toEqual(['first of 1'])
    gate.isOpen = false
    void publish('second')
    await turn()
    expect(told).toEqual(['first of 1'])
    gate.isOpen = true
    made.flush()
    await turn()
    expect(told).toEqual(['first of 1', 'second of 2'])
  })

  test('while the gate is closed messages wait, numbered, and leave together when it opens', async () => {
    const { made, gate, batches } = publisher(false)
    const numbers: number[] = []
    for (const length of [1, 2, 3]) {
      numbers.push(made.publish(bytes(length)).number)
      await turn()
      made.flush()
    }
    expect([numbers, batches()]).toEqual([[1, 2, 3], []])
    gate.isOpen = true
    made.flush()
    expect(batches()).toEqual([[1, [1, 2, 3]]])
    made.flush()
    expect(batches()).toHaveLength(1)
    expect(made.publish(bytes(1)).number).toBe(4)
  })

  test('a gate that closes after a batch holds the next one back', async () => {
    const gate = { isOpen: true }
    const numbers: number[] = []
    const made = new Publisher(
      (_payloads, number) => {
        numbers.push(number)
        gate.isOpen = false
      },
      () => gate.isOpen
    )
    for (let count = 0; count < 2; count++) made.publish(bytes(payloadBytesMax))
    await turn()
    expect(numbers).toEqual([1])
    gate.isOpen = true
    made.flush()
    expect(numbers).toEqual([1, 2])
  })

  test('1 MiB may wait and not a byte more; what is refused takes no number, and there is room again after the flush', async () => {
    const { made, gate, batches } = publisher(false)
    for (let count = 0; count < 16; count++) made.publish(bytes(payloadBytesMax))
    const refused = (): unknown => made.publish(bytes(1))
    expect(refused).toThrow(BusyNetworkError)
    expect(refused).toThrow('16 messages wait for the neighbours to read: publish more slowly')
    await turn()
    expect(refused).toThrow(expect.objectContaining({ name: 'BusyNetworkError' }))
    gate.isOpen = true
    made.flush()
    expect(batches()).toHaveLength(16)
    expect(made.publish(bytes(1)).number).toBe(17)
  })

  test('a message that is empty or too long is refused with its length, and takes no number', () => {
    const { made } = publisher()
    expect(() => made.publish(bytes(0))).toThrow(
      new RangeError('a message has 1 to 65536 bytes, this one has 0: shorten it')
    )
    expect(() => made.publish(bytes(payloadBytesMax + 1))).toThrow(
      new RangeError('a message has 1 to 65536 bytes, this one has 65537: shorten it')
    )
    expect(made.publish(bytes(payloadBytesMax)).number).toBe(1)
  })
})
