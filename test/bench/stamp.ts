/** What a payload begins with. The rest is filler. */
export interface Stamp {
  readonly phase: number
  /** Node that published it. */
  readonly publisher: number
  /** Distinguishes the messages of a publisher in a phase. */
  readonly number: number
  /** When it was published, or should have been; see `clock`. */
  readonly at: number
}

const stampBytes = 20
const fillers = new Map<number, Uint8Array>()

export function stampedPayload(bytes: number, { phase, publisher, number, at }: Stamp): Uint8Array {
  const payload = Uint8Array.from(filler(bytes))
  const view = new DataView(payload.buffer)
  view.setUint32(0, phase)
  view.setUint32(4, publisher)
  view.setUint32(8, number)
  view.setFloat64(12, at)
  return payload
}

export function stampOf(payload: Uint8Array): Stamp {
  const view = new DataView(payload.buffer, payload.byteOffset, stampBytes)
  return { phase: view.getUint32(0), publisher: view.getUint32(4), number: view.getUint32(8), at: view.getFloat64(12) }
}

function filler(bytes: number): Uint8Array {
  let filler = fillers.get(bytes)
  if (filler === undefined) {
    filler = Uint8Array.from({ length: bytes }, (_, at) => (at * 167 + (at >> 8)) & 0xff)
    fillers.set(bytes, filler)
  }
  return filler
}
