import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { RegistryStore } from './registry-store.ts'
import type { Kept } from '#src/core/registry.ts'

/** What a seed must not forget, from one life to the next. */
export class SeedMemory {
  /** Of its lives before. */
  readonly kept: readonly Kept<string>[]
  /** What was found to be wrong with it. Nothing of it is used then. */
  readonly damage: string | undefined
  readonly isNew: boolean
  readonly #store: RegistryStore

  private constructor(store: RegistryStore, kept: readonly Kept<string>[], isNew: boolean, damage: string | undefined) {
    this.#store = store
    this.kept = kept
    this.isNew = isNew
    this.damage = damage
  }

  /** @throws {StoreError} when another process uses the folder, or it cannot be written */
  static async open(folder: string): Promise<SeedMemory> {
    const { store, entries, isNew, damage } = await RegistryStore.open(folder)
    const kept = entries.map(([, value]) => parse(value))
    return new SeedMemory(store, kept, isNew, damage)
  }

  keep(kept: Kept<string>): void {
    this.#store.put(keyOf(kept.type, kept.type === 'held' ? kept.id : kept.record.id), stringify(kept))
  }

  discard(type: Kept<string>['type'], peer: string): void {
    this.#store.delete(keyOf(type, peer))
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
