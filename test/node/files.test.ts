import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { keepKey } from '#src/node/key-file.ts'
import { LogFile } from '#src/node/log-file.ts'
import { linesOf, workplace } from '../support/workplace.ts'
import { until } from '../support/until.ts'

const fail = (error: Error): never => {
  throw error
}

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
    const writers = Array.from({ length: 4 }, () => new LogFile(file, { onTrouble: () => {} }))
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
    const log = new LogFile(path.join(folder, 'output.txt'), { onTrouble: error => troubles.push(error) })
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

  test('goes on in a new file when the old one was renamed', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'output.txt')
    const log = new LogFile(file, { onTrouble: fail })
    log.append('before')
    await until('it is written', () => linesOf(place.folder, 'output.txt').length === 1, 5_000)
    renameSync(file, `${file}.1`)
    log.append('still there')
    await until('it is written', () => linesOf(place.folder, 'output.txt.1').length === 2, 5_000)
    await log.reopen()
    expect(linesOf(place.folder, 'output.txt'), 'made at once').toEqual([])
    log.append('after')
    await log.close()
    expect(linesOf(place.folder, 'output.txt.1')).toEqual(['before', 'still there'])
    expect(linesOf(place.folder, 'output.txt')).toEqual(['after'])
  })

  test('says at the end how many lines a full disk has cost', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no /dev/full, a disk that is always full')
    using place = workplace()
    const file = path.join(place.folder, 'output.txt')
    symlinkSync('/dev/full', file)
    const unwritten: number[] = []
    const troubles: string[] = []
    const onUnwritten = (_path: string, lines: number): void => void unwritten.push(lines)
    const log = new LogFile(file, { onTrouble: ({ message }) => troubles.push(message), onUnwritten })
    for (let line = 0; line < 10_005; line++) log.append(`line ${line}`)
    await until('trouble is told', () => troubles.length > 0, 5_000)
    for (let line = 0; line < 10_003; line++) log.append(`more ${line}`)
    await log.close()
    expect(troubles).toEqual([expect.stringContaining('ENOSPC')])
    expect(unwritten).toEqual([20_008])
  })

  test('of a disk that was full misses as many lines as it says, and tears none', async ({ skip }) => {
    using place = workplace()
    const disk = path.join(place.folder, 'disk')
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    if (mounted.status !== 0) skip('only root on Linux can mount a small disk')
    try {
      writeFileSync(path.join(disk, 'big'), new Uint8Array(40 * 1024))
      const troubles: Error[] = []
      const lost: number[] = []
      const onRecovery = (_path: string, lines: number): void => void lost.push(lines)
      const file = path.join(disk, 'output.txt')
      const log = new LogFile(file, { onTrouble: error => troubles.push(error), onRecovery })
      // More than the disk takes, more than may wait: some are lost, which are those between.
      const all = 14_000
      for (let line = 0; line < all; line++) {
        log.append(`line ${line}`)
        if (line === 3_000) await until('the disk is full', () => troubles.length > 0, 5_000)
      }
      // Longer than what was taken: the file with the beginning of a line is put aside, and its space is free.
      renameSync(file, path.join(disk, 'output.txt.1'))
      const torn = readFileSync(path.join(disk, 'output.txt.1'), 'utf8')
      execFileSync('mount', ['-o', 'remount,size=1m', disk])
      await log.reopen()
      await log.close()
      const first = torn.split('\n').slice(0, -1)
      const second = linesOf(disk, 'output.txt')
      const [notice = '', ...others] = second
        .filter(line => line.includes('lost before'))
        .map(line => line.split(' ')[1] ?? '')
      expect(others).toEqual([])
      const kept = [...first, ...second.filter(line => line.startsWith('line '))]
      expect(kept.length + second.filter(line => !line.startsWith('line ')).length).toBe(first.length + second.length)
      expect(new Set(kept).size).toBe(kept.length)
      for (const line of kept) expect(line).toMatch(/^line \d+$/)
      expect(all - kept.length).toBe(Number(notice))
      expect(Number(notice)).toBeGreaterThan(0)
      expect(lost).toEqual([Number(notice)])
      expect(troubles.length).toBe(1)
    } finally {
      spawnSync('umount', [disk])
    }
  })
})
