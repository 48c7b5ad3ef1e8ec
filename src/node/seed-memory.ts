import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { RegistryStore } from './registry-store.ts'
import type { Kept } from '#src/core/memory.ts'
import type { OpenedStore } from './registry-store.ts'

const completeKey = 'complete'

/** What a seed must not forget, from one life to the next. */
export class SeedMemory {
  /** Of its lives before. */
  readonly kept: readonly Kept<string>[]
  /** Whether there was never more: a seed that lost something has to hear the others first, however often it starts before it has. */
  readonly isComplete: boolean
  /** What was found to be wrong with it. Nothing of it is used then. */
  readonly damage: string | undefined
  readonly #store: RegistryStore

  private constructor({ store, entries, damage }: OpenedStore) {
    this.#store = store
    this.kept = entries.filter(([key]) => key !== completeKey).map(([, value]) => parse(value))
    this.isComplete = entries.some(([key]) => key === completeKey)
    this.damage = damage
  }

  /** @throws {StoreError} when another process uses the folder, or it cannot be written */
  static async open(folder: string): Promise<SeedMemory> {
    return new SeedMemory(await RegistryStore.open(folder))
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
  return JSON.parse(text, (key, value: unknown) =>
    key === 'signature' && typeof value === 'string' ? fromString(value, 'base64') : value
  ) as Kept<string>
}
