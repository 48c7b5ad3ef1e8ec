import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { damages, fill, readDamaged } from '../support/store-damage.ts'

/** Some damage ends the process that reads it, so another one tries it first: that takes its time, and several at once take less. */
const atOnce = 4

test("a seed's store, with any file cut or flipped at any byte: nothing acknowledged is lost unless it is said", async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'hubcast-store-'))
  try {
    const folder = path.join(place, 'seed')
    const kept = await fill(folder)
    const all = await damages(folder)
    expect(all.length).toBeGreaterThan(2_000)
    let found = 0
    const waiting = [...all]
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let damage = waiting.pop(); damage !== undefined; damage = waiting.pop()) {
          const seen = await readDamaged(folder, damage)
          if (seen === 'damaged') found++
          else expect(seen, `${damage.file} ${damage.how} at ${damage.at}`).toEqual(kept)
        }
      })
    )
    console.log(`${found} of ${all.length} damages found, the others did no harm`)
    expect(found).toBeGreaterThan(all.length / 4)
  } finally {
    await rm(place, { recursive: true })
  }
}, 600_000)
