import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newKey } from '#src/node/key-file.ts'
import { ConfigError } from '#src/node/config-file.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { replaceText } from '#src/node/replace-text.ts'
import { knownSeeds as limits } from '#src/settings.ts'
import { workplace } from '../support/workplace.ts'

const ids = await Promise.all(Array.from({ length: 3 }, async () => (await newKey()).publicKey.toString()))
const [first = '', second = '', third = ''] = ids
const labels = ['127.0.0.1:5002', '[::1]:7234', 'seeds.example.org:6071']

let place: ReturnType<typeof workplace>
let file: string
beforeEach(() => {
  place = workplace()
  file = path.join(place.folder, 'data', 'known-seeds.txt')
})
afterEach(() => place[Symbol.dispose]())

/** A file that somebody has written by hand. */
function given(text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** The lines that are no comments. */
const pins = (): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))

describe('known-seeds.txt', () => {
  test('appears with the first pin, in a private folder, with a line for each seed as config.txt would have it', async () => {
    const known = new KnownSeeds(file)
    expect(known.find('127.0.0.1:5002')).toBeUndefined()
    expect(existsSync(path.dirname(file))).toBe(false)
    for (const [index, label] of labels.entries())
      expect(await known.pin(label, ids[index] ?? '')).toMatchObject({ id: ids[index], isNew: true })
    expect(pins()).toEqual(labels.map((label, index) => `${label}/p2p/${ids[index]}`))
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    expect(readdirSync(path.dirname(file)), 'no lock is left').toEqual(['known-seeds.txt'])
    const lines = readFileSync(file, 'utf8').split('\n')
    for (const [index, label] of labels.entries()) {
      const { id, line = 0 } = new KnownSeeds(file).find(label) ?? {}
      expect(id).toBe(ids[index])
      expect(lines[line - 1]).toBe(`${label}/p2p/${id}`)
    }
  })

  test('keeps whoever was first, and what people have written into it', async () => {
    const text = `# mine\r\n127.0.0.1:5002/p2p/${first} # the old one`
    given(text)
    const known = new KnownSeeds(file)
    expect(await known.pin('127.0.0.1:5002', second)).toMatchObject({ id: first, line: 2, isNew: false })
    expect(readFileSync(file, 'utf8')).toBe(text)
    await known.pin('127.0.0.1:5003', second)
    expect(readFileSync(file, 'utf8')).toBe(`${text}\n127.0.0.1:5003/p2p/${second}\n`)
    // The same seed may have several names, in the networks of one machine.
    expect(await known.pin('localhost:5003', second)).toMatchObject({ id: second, isNew: true })
  })

  test('is read anew each time: a line that somebody removes is pinned anew', async () => {
    const known = new KnownSeeds(file)
    await known.pin('127.0.0.1:5002', first)
    await known.pin('127.0.0.1:5003', second)
    given(`127.0.0.1:5003/p2p/${second}\n`)
    expect(known.find('127.0.0.1:5002')).toBeUndefined()
    expect(await known.pin('127.0.0.1:5002', third)).toMatchObject({ id: third, line: 2, isNew: true })
  })

  test.each([
    ['127.0.0.1:5003', 'has no /p2p/ID'],
    ['127.0.0.1:5003/p2p/', 'is no peer id'],
    ['127.0.0.1:5003/p2p/12D3KooW', 'is no peer id'],
    [`127.0.0.1:5003/p2p/${second.slice(0, -1)}`, 'is no peer id'],
    [`127.0.0.1/p2p/${second}`, 'not of the form IP:Port'],
    [`127.0.0.1:5002/p2p/${second}`, '127.0.0.1:5002 is already on line 2; remove one of the two lines'],
    ['\u0000\u0000\u0000', 'not of the form IP:Port']
  ])('with the line %j is refused whole, with file, line and what to do, and left as it is', async (line, reason) => {
    const good = `# mine\n127.0.0.1:5002/p2p/${first}\n`
    given(good)
    const known = new KnownSeeds(file)
    given(`${good}${line}\n`)
    for (const use of [
      () => new KnownSeeds(file),
      () => known.find('127.0.0.1:5002'),
      async () => known.pin('127.0.0.1:5002', first),
      async () => known.pin('127.0.0.1:5004', first)
    ]) {
      let error: unknown
      try {
        await use()
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(ConfigError)
      const { message } = error as ConfigError
      expect(message).toContain(`${file}:3: `)
      expect(message).toContain(reason)
      expect(message).toContain('restore the line, or remove it')
    }
    expect(readFileSync(file, 'utf8')).toBe(`${good}${line}\n`)
  })

  test('that was cut off anywhere never has a seed taken for somebody else', async () => {
    const whole = `127.0.0.1:5002/p2p/${first}\n127.0.0.1:5003/p2p/${second}\n`
    for (let length = 0; length < whole.length; length++) {
      given(whole.slice(0, length))
      let found: (string | undefined)[] | undefined
      try {
        const known = new KnownSeeds(file)
        found = ['127.0.0.1:5002', '127.0.0.1:5003'].map(label => known.find(label)?.id)
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError)
      }
      const [one, other] = found ?? []
      expect([undefined, first], `cut to ${length}`).toContain(one)
      expect([undefined, second], `cut to ${length}`).toContain(other)
      // Nothing tells a whole line that is gone, but half of one is no whole line.
      const lineEnds = [0, whole.length / 2 - 1, whole.length / 2, whole.length - 1]
      expect(found !== undefined, `cut to ${length}`).toBe(lineEnds.includes(length))
    }
  })

  test('has room for many networks, and says when there are more', async () => {
    const lines = Array.from({ length: limits.entriesMax - 1 }, (_, index) => `127.0.0.1:${index + 1}/p2p/${first}`)
    given(`${lines.join('\n')}\n`)
    const known = new KnownSeeds(file)
    await known.pin('127.0.0.1:65535', second)
    await expect(known.pin('127.0.0.1:65534', second)).rejects.toThrow(
      `${file} names ${limits.entriesMax} seeds, more than any network has; remove the lines`
    )
    expect(await known.pin('127.0.0.1:65535', second)).toMatchObject({ id: second })
    given('#'.repeat(limits.bytesMax + 1))
    expect(() => known.find('127.0.0.1:1')).toThrow(`${file} has ${limits.bytesMax + 1} bytes`)
  })

  test('that cannot be written is named, with what to do', async () => {
    writeFileSync(path.join(place.folder, 'data'), 'a file where the folder should be')
    const known = new KnownSeeds(path.join(place.folder, 'known-seeds.txt'))
    mkdirSync(path.join(place.folder, 'known-seeds.txt'))
    await expect(known.pin('127.0.0.1:5002', first)).rejects.toThrow(/known-seeds\.txt.*EISDIR.*; make it a file/)
    expect(() => new KnownSeeds(file)).toThrow(/known-seeds\.txt.*ENOTDIR.*; make it a file/)
    // Its lock has too long a name: a failure that root meets too.
    const long = new KnownSeeds(path.join(place.folder, 'x'.repeat(252)))
    await expect(long.pin('127.0.0.1:5002', first)).rejects.toThrow(/ENAMETOOLONG.*; make it a file/)
  })

  test('is shared: of many who pin at the same moment one is first, and no line is lost or doubled', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `127.0.0.1:${5_000 + index}`)
    const told = await Promise.all(ids.flatMap(id => many.map(async label => new KnownSeeds(file).pin(label, id))))
    expect(pins().length).toBe(many.length)
    for (const label of many) {
      const answers = told.filter(answer => answer.label === label)
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
      expect(answers.filter(({ isNew }) => isNew).length).toBe(1)
    }
  })
})

describe('the lock of a text that is replaced', () => {
  test('makes others wait, and is removed when nobody has touched it for long', async () => {
    mkdirSync(path.dirname(file))
    writeFileSync(`${file}.lock`, 'half a li')
    const before = performance.now()
    await replaceText(file, text => (text === 'new' ? undefined : 'new'))
    expect(performance.now() - before).toBeGreaterThan(1_900)
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(readdirSync(path.dirname(file))).toEqual(['known-seeds.txt'])
  })

  test('that others take and give back again and again is not removed', async () => {
    mkdirSync(path.dirname(file))
    const lock = `${file}.lock`
    const until = performance.now() + 3_000
    let next = 0
    const others = setInterval(() => writeFileSync(lock, `${next++}`), 100)
    writeFileSync(lock, '')
    const end = new AbortController()
    const waits = replaceText(file, () => 'new', end.signal)
    let removed = false
    while (performance.now() < until) {
      removed ||= !existsSync(lock)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    clearInterval(others)
    end.abort()
    await expect(waits).rejects.toThrow(/abort/)
    expect(removed).toBe(false)
    expect(existsSync(file)).toBe(false)
  })

  test('is not taken when there is nothing to change, and given back when the change fails', async () => {
    given('text')
    writeFileSync(`${file}.lock`, '')
    await replaceText(file, () => undefined)
    expect(readdirSync(path.dirname(file)).length).toBe(2)
    let calls = 0
    const fails = replaceText(path.join(place.folder, 'other.txt'), () => {
      if (calls++ > 0) throw new Error('no')
      return 'text'
    })
    await expect(fails).rejects.toThrow('no')
    expect(readdirSync(place.folder)).toEqual(['data'])
  })
})
