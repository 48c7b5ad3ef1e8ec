import type { Source, Span } from '#protocols/gossip/messages.ts'

/** Those of one source that follow each other share a span. Whoever wants few spans gives them in order. */
export function spansOf<Peer>(batches: Iterable<Source<Peer> & { readonly sequence: number }>): Span<Peer>[] {
  const spans: { origin: Peer; epoch: number; from: number; to: number }[] = []
  for (const { origin, epoch, sequence } of batches) {
    const last = spans.at(-1)
    if (last?.to === sequence - 1 && last.origin === origin && last.epoch === epoch) last.to = sequence
    else spans.push({ origin, epoch, from: sequence, to: sequence })
  }
  return spans
}
