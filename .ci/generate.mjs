// Writes protocols/*/generated/*.ts from protocols/*/*.proto. The output of protons breaks our compiler flags and is not ours
// to style, so each file starts by telling the compiler to look away; only the codec beside it may import it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const protocols = path.join(import.meta.dirname, '..', 'protocols')
const protons = path.join(import.meta.dirname, '..', 'node_modules', '.bin', 'protons')

for (const folder of readdirSync(protocols, { withFileTypes: true })) {
  if (!folder.isDirectory()) continue
  const home = path.join(protocols, folder.name)
  const proto = readdirSync(home).find(file => file.endsWith('.proto'))
  if (proto === undefined) continue
  const generated = path.join(home, 'generated')
  rmSync(generated, { recursive: true, force: true })
  mkdirSync(generated)
  execFileSync(protons, ['--output', generated, path.join(home, proto)], { stdio: 'inherit' })
  for (const file of readdirSync(generated)) {
    const where = path.join(generated, file)
    // Our own types do not say which kind of buffer an array lies on.
    const code = readFileSync(where, 'utf8').replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array')
    writeFileSync(where, `// @ts-nocheck\n${code}`)
  }
}
