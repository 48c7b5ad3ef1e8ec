import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { keepKey } from '#src/node/key-file.ts'
import { LogFile } from '#src/node/log-file.ts'
import { linesOf, workplace } from '../support/workplace.ts'
import { until } from '../support/until.ts'

describe('a key file', () => {
  test('appears with mode 0600 in a folder with mode 0700 and gives the same identity again', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'keys', 'a.key')
    const key = await keepKey(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    expect((await keepKey(file)).publicKey.toString()).toBe(key.publicKey.toString())
  })

  test('is made once, however many ask for it at the same time', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'a.key')
    const keys = await Promise.all(Array.from({ length: 8 }, async () => keepKey(file)))
    expect(new Set(keys.map(key => key.publicKey.toString())).size).toBe(1)
  })

  test('that others can read, or that is damaged anywhere, is refused and left as it is', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'a.key')
    await keepKey(file)
    chmodSync(file, 0o640)
    await expect(keepKey(file)).rejects.toThrow(`${file} can be read by other users; run: chmod 600 ${file}`)
    chmodSync(file, 0o600)
    const good = readFileSync(file)
    for (let length = 0; length < good.byteLength; length++) {
      writeFileSync(file, good.subarray(0, length))
      await expect(keepKey(file), `cut to ${length} bytes`).rejects.toThrow('holds no Ed25519 key')
      expect(readFileSync(file).byteLength).toBe(length)
    }
  })
})

describe('a log file', () => {
  test('is appended to, never truncated, with whole lines of several writers', async () => {
    using place = workplace()
    writeFileSync(path.join(place.folder, 'output.txt'), 'from before\n')
    const file = path.join(place.folder, 'output.txt')
    const writers = Array.from({ length: 4 }, () => new LogFile(file, () => {}))
    for (let line = 0; line < 200; line++)
      for (const [index, writer] of writers.entries()) writer.append(`${index} ${line}`)
    await Promise.all(writers.map(async writer => writer.close()))
    const lines = linesOf(place.folder, 'output.txt')
    expect(lines[0]).toBe('from before')
    for (const index of writers.keys()) {
      const own = lines.filter(line => line.startsWith(`${index} `))
      expect(own).toEqual(Array.from({ length: 200 }, (_, line) => `${index} ${line}`))
    }
  })

  test('waits out trouble, tells of it once, and says how many lines were lost', async () => {
    using place = workplace()
    const folder = path.join(place.folder, 'missing')
    const troubles: Error[] = []
    const log = new LogFile(path.join(folder, 'output.txt'), error => troubles.push(error))
    for (let line = 0; line < 10_005; line++) log.append(`line ${line}`)
    await until('trouble is told', () => troubles.length > 0, 5_000)
    expect(log.lost).toBe(5)
    mkdirSync(folder)
    await until('the lines are written', () => linesOf(folder, 'output.txt').length === 10_001, 5_000)
    const lines = linesOf(folder, 'output.txt')
    expect(lines[0]).toMatch(/^\S+Z 5 lines were lost before this one$/)
    expect(lines.slice(1)).toEqual(Array.from({ length: 10_000 }, (_, line) => `line ${line + 5}`))
    expect(troubles.length).toBe(1)
    await log.close()
  })
})
