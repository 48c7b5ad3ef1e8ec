/** What output.txt and ML.txt say, read from their lines alone. */

export interface Deed {
  readonly time: number
  readonly role: string
  readonly node: string
  readonly sentence: string
}

export interface Delivery {
  readonly time: number
  readonly receiver: string
  readonly origin: string
  readonly number: number
  readonly text: string
  readonly hops: number
  readonly ageMs: number
  readonly id: string
}

/** @throws for a line that has not the form of output.txt */
export function readDeed(line: string): Deed {
  const parts = /^(?<time>\S+Z) \[(?<role>seed|peer) (?<node>\S+)\] (?<sentence>.+)$/.exec(line)?.groups
  if (parts === undefined) throw new Error(`no line of output.txt: ${JSON.stringify(line)}`)
  const { time = '', role = '', node = '', sentence = '' } = parts
  return { time: Date.parse(time), role, node, sentence }
}

/** @throws for a line that has not the form of ML.txt */
export function readDelivery(line: string): Delivery {
  const form =
    /^(?<time>\S+Z) (?<receiver>\S+) received (?<origin>\S+)#(?<number>\d+) (?<text>".*") hops=(?<hops>\d+) age=(?<age>-?\d+) id=(?<id>[0-9a-f]{16})$/
  const parts = form.exec(line)?.groups
  if (parts === undefined) throw new Error(`no line of ML.txt: ${JSON.stringify(line)}`)
  return {
    time: Date.parse(parts['time'] ?? ''),
    receiver: parts['receiver'] ?? '',
    origin: parts['origin'] ?? '',
    number: Number(parts['number']),
    text: parts['text'] ?? '',
    hops: Number(parts['hops']),
    ageMs: Number(parts['age']),
    id: parts['id'] ?? ''
  }
}

/**
 * Who has not got which message exactly once, as `receiver origin#number xCOUNT`; nothing when all is well. Every receiver must
 * have all messages 1 to `count` of every origin but itself.
 */
export function wrongDeliveries(
  deliveries: readonly Delivery[],
  receivers: readonly string[],
  origins: readonly string[],
  count: number
): string[] {
  const times = new Map<string, number>()
  for (const { receiver, origin, number } of deliveries) {
    const key = `${receiver} ${origin}#${number}`
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  const wrong: string[] = []
  for (const receiver of receivers) {
    for (const origin of origins) {
      if (origin === receiver) continue
      for (let number = 1; number <= count; number++) {
        const key = `${receiver} ${origin}#${number}`
        if (times.get(key) !== 1) wrong.push(`${key} x${times.get(key) ?? 0}`)
      }
    }
  }
  return wrong
}
