import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RecordCheck } from './record-check.ts'
import type { SeedContacts } from './seed-contacts.ts'

/**
 * Asks these seeds for the record of one peer: in a large network they do not announce everybody to everybody. The first authentic one, or
 * nothing, when all have answered without one or failed to.
 */
export async function lookUpPeer(
  peer: string,
  seeds: readonly string[],
  contacts: SeedContacts,
  records: RecordCheck
): Promise<PeerRecord | undefined> {
  const ask = async (seed: string): Promise<PeerRecord> => {
    const reply = await requestRegistration(contacts.open(seed), { type: 'list', peer })
    const told = reply.type === 'list' ? reply.records.filter(({ id }) => id === peer) : []
    const [record] = await records.authentic(`seed ${seed}`, registrationProtocol, told.slice(0, 1))
    if (record === undefined) throw new Error(`seed ${seed} knows no ${peer}`)
    return record
  }
  return Promise.any(seeds.map(ask)).catch(() => undefined)
}
