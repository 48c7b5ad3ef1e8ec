import { describe, expect, test } from 'vitest'
import { ConfigError, parseConfig, readConfig } from '#src/node/config-file.ts'

const id = '12D3KooWPvH9oJKYEXFrLQ6zEVpZSXUyYKwFvqKsrmnkzbXWaPhG'

describe('config.txt', () => {
  test('names one seed a line, with comments, empty lines, line ends of any kind, and identities', () => {
    const text = `\uFEFF# seeds\r\n127.0.0.1:5002\r\n\r\n[::1]:7234 # six\nseeds.example.org:6071\n192.0.2.7:5002/p2p/${id}\n`
    expect(parseConfig(text, 'config.txt')).toEqual([
      { label: '127.0.0.1:5002', address: '/ip4/127.0.0.1/tcp/5002', id: undefined },
      { label: '[::1]:7234', address: '/ip6/::1/tcp/7234', id: undefined },
      { label: 'seeds.example.org:6071', address: '/dns/seeds.example.org/tcp/6071', id: undefined },
      { label: '192.0.2.7:5002', address: '/ip4/192.0.2.7/tcp/5002', id }
    ])
  })

  test.each([
    ['', 'names no seed'],
    ['# only a comment\n\n', 'names no seed'],
    ['127.0.0.1', 'not of the form IP:Port'],
    ['127.0.0.1:', 'the port must be a number from 1 to 65535'],
    ['127.0.0.1:0', 'the port must be a number from 1 to 65535'],
    ['127.0.0.1:65536', 'the port must be a number from 1 to 65535'],
    ['127.0.0.1:50o2', 'the port must be a number from 1 to 65535'],
    ['300.0.0.1:5002', 'is no IP address and no host name'],
    ['127.0.0.1.5:5002', 'is no IP address and no host name'],
    [':5002', 'is no IP address and no host name'],
    ['-x.org:5002', 'is no IP address and no host name'],
    ['[::g]:5002', 'is no IP address and no host name'],
    ['0.0.0.0:5002', 'cannot be dialled'],
    ['::1:5002', 'an IPv6 address stands in brackets'],
    ['127.0.0.1:5002/p2p/nobody', 'is no peer id'],
    ['127.0.0.1:5002;5003', 'the port must be a number']
  ])('%j is refused with its line, the reason and what to write', (text, reason) => {
    let message = ''
    try {
      parseConfig(text, 'config.txt')
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      message = error instanceof Error ? error.message : ''
    }
    expect(message).toContain(reason)
    expect(message).toMatch(/^config\.txt:/)
    expect(message).toMatch(/write|copy/)
  })

  test('every bad line is told at once, and a seed that stands there twice', () => {
    const text = '127.0.0.1:5002\nnonsense\n127.0.0.1:0\n127.0.0.1:5002\n'
    expect(() => parseConfig(text, 'config.txt')).toThrow(
      /config\.txt:2: .*\nconfig\.txt:3: .*\nconfig\.txt:4: 127\.0\.0\.1:5002 is already on line 1/
    )
  })

  test.each([
    ['127.0.0.1:5002', 'localhost:5002'],
    ['LOCALHOST:5002', '127.0.0.1:5002'],
    ['seed.example:5002', 'Seed.Example:5002'],
    ['[::1]:5002', '[0:0:0:0:0:0:0:1]:5002']
  ])('a seed that stands there as %s and as %s', (one, other) => {
    expect(() => parseConfig(`${one}\n127.0.0.1:5003\n${other}\n`, 'config.txt')).toThrow(
      `config.txt:3: ${other} is the same seed as ${one} on line 1; remove one of the two lines`
    )
    expect(parseConfig(`${one}\n${other.replace('5002', '5004')}`, 'config.txt')).toHaveLength(2)
  })

  test('an identity that stands there twice', () => {
    const id = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'
    const text = `127.0.0.1:5002/p2p/${id}\n127.0.0.1:5003\n127.0.0.1:5004/p2p/${id}\n`
    expect(() => parseConfig(text, 'config.txt')).toThrow(
      `config.txt:3: peer id ${id} is already on line 1; remove one of the two lines`
    )
  })

  test('a file that does not exist is named', () => {
    expect(() => readConfig('/nowhere/config.txt')).toThrow(
      /^\/nowhere\/config\.txt: does not exist; write one seed a line/
    )
  })
})
