import { toString } from 'uint8arrays/to-string'
import { RegistryStore } from './registry-store.ts'
import type { Kept } from '#src/core/memory.ts'
import type { OpenedStore } from './registry-store.ts'

const completeKey = 'complete'

/** What a seed must not forget, from one life to the next. */
export class SeedMemory {
  /** Whether there was never more: a seed that lost something has to hear the others first, however often it starts before it has. */
  readonly isComplete: boolean
  /** What was found to be wrong with it. Nothing of it is used then. */
  readonly damage: string | undefined
  readonly #store: RegistryStore
  #kept: readonly Kept<string>[]

  private constructor({ store, damage }: OpenedStore, kept: readonly Kept<string>[], isComplete: boolean) {
    this.#store = store
    this.#kept = kept
    this.isComplete = isComplete
    this.damage = damage
  }

  /** @throws {StoreError} when another process uses the folder, or it cannot be written */
  static async open(folder: string): Promise<SeedMemory> {
    const kept: Kept<string>[] = []
    let isComplete = false
    const opened = await RegistryStore.open(folder, (key, value) => {
      if (key === completeKey) isComplete = true
      else kept.push(parse(value))
    })
    return opened.damage === undefined ? new SeedMemory(opened, kept, isComplete) : new SeedMemory(opened, [], false)
  }

  /** What it has of its lives before; nothing when asked again, for it takes room. */
  recall(): readonly Kept<string>[] {
    const kept = this.#kept
    this.#kept = []
    return kept
  }

  keep(kept: Kept<string>): void {
    this.#store.put(keyOf(kept.type, kept.type === 'held' ? kept.id : kept.record.id), stringify(kept))
  }

  discard(type: Kept<string>['type'], peer: string): void {
    this.#store.delete(keyOf(type, peer))
  }

  /** From now on it is: nothing was lost, or the others have been heard. */
  declareComplete(): void {
    this.#store.put(completeKey, '')
  }

  /**
   * For a seed that has never lived: there is nothing that it could have lost. To be done before it has a key, by which a later life knows that
   * there was one. @throws {StoreError}
   */
  async begin(): Promise<void> {
    this.declareComplete()
    await this.committed()
  }

  /** Resolves when all of it is on the disk. @throws {StoreError} */
  async committed(): Promise<void> {
    return this.#store.committed()
  }

  async close(): Promise<void> {
    await this.#store.close()
  }
}

function keyOf(type: Kept<string>['type'], peer: string): string {
  return `${type}/${peer}`
}

/** Signatures as base64, for JSON has no bytes. */
function stringify(kept: Kept<string>): string {
  return JSON.stringify(kept, (_, value: unknown) => (value instanceof Uint8Array ? toString(value, 'base64') : value))
}

function parse(text: string): Kept<string> {
  const kept = JSON.parse(text) as Kept<string>
  if (kept.type === 'held') return kept
  const { record } = kept
  return { ...kept, record: { ...record, signature: Buffer.from(String(record.signature), 'base64') } }
}
