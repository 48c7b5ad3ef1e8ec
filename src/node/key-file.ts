import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Ed25519PrivateKey } from '@libp2p/interface'

/** A key file that must not be used as it is. The message names the file and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/** A fresh identity that nobody keeps. */
export async function newKey(): Promise<Ed25519PrivateKey> {
  return generateKeyPair('Ed25519')
}

/**
 * The identity that a file keeps, made on first use. Only its owner may read it, and it appears whole or not at all: a node that
 * silently got a new identity would be a stranger to everybody who knew it.
 * @throws {KeyFileError} when the file is no key, or others can read it
 */
export async function keepKey(file: string): Promise<Ed25519PrivateKey> {
  const kept = await readKey(file)
  if (kept !== undefined) return kept
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const key = await newKey()
  const draft = `${file}.${process.pid}.${key.publicKey.toString().slice(-8)}.new`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(privateKeyToProtobuf(key))
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // Unlike a rename, a link does not replace a key that another process has put there meanwhile.
    await link(draft, file)
    return key
  } catch (error) {
    const theirs = await readKey(file)
    if (theirs === undefined) throw error
    return theirs
  } finally {
    await unlink(draft)
  }
}

async function readKey(file: string): Promise<Ed25519PrivateKey | undefined> {
  let bytes: Uint8Array
  try {
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new KeyFileError(`${file} can be read by other users; run: chmod 600 ${file}`)
    }
    bytes = await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch {
    // Said below, with what to do about it.
  }
  throw new KeyFileError(
    `${file} holds no Ed25519 key; restore it from a copy, or delete it to start with a new identity`
  )
}
