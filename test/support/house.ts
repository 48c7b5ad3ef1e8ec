import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The rules of the house that no compiler holds. Each takes the files and returns what is wrong, one sentence each. */

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

const root = path.resolve(import.meta.dirname, '../..')

/** All TypeScript that people wrote in protocols, src and test: what git knows or would add. */
export function sourceFiles(): SourceFile[] {
  const list = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'protocols', 'src', 'test'],
    {
      cwd: root,
      encoding: 'utf8'
    }
  )
  return list
    .split('\n')
    .filter(file => file.endsWith('.ts') && !file.includes('/generated/'))
    .map(file => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') }))
}

/** Which parts of the project a file may import: the most special rule that fits counts. Everything outside of it is a mistake. */
const rooms: { readonly of: RegExp; readonly mayImport: readonly RegExp[] }[] = [
  // Data only: they are what the pure core may know of the wire.
  {
    of: /^protocols\/(peer-record|[^/]+\/messages)\.ts$/,
    mayImport: [/^protocols\/(peer-record|[^/]+\/messages)\.ts$/]
  },
  { of: /^protocols\//, mayImport: [/^protocols\//, /^package:/, /^node:crypto$/] },
  { of: /^src\/core\//, mayImport: [/^src\/core\//, /^protocols\/(peer-record|[^/]+\/messages)\.ts$/] },
  { of: /^src\/((seed|gossip)-)?settings\.ts$/, mayImport: [/^src\/core\//] },
  // The simulator: as pure as the core, and nobody needs it to run a node.
  {
    of: /^src\/sim\//,
    mayImport: [
      /^src\/(sim|core)\//,
      /^src\/((seed|gossip)-)?settings\.ts$/,
      /^protocols\/(peer-record|[^/]+\/messages)\.ts$/
    ]
  },
  {
    of: /^src\/node\//,
    mayImport: [/^src\/(node|core)\//, /^src\/((seed|gossip)-)?settings\.ts$/, /^protocols\//, /^package:/, /^node:/]
  },
  {
    of: /^src\/library\//,
    mayImport: [/^src\/(library|node)\//, /^protocols\/(peer-record|[^/]+\/messages)\.ts$/, /^package:/, /^node:/]
  },
  // Data only: the dashboard knows no more of the server.
  { of: /^src\/http\/contract\.ts$/, mayImport: [/^src\/node\/events\.ts$/] },
  {
    of: /^src\/http\//,
    mayImport: [
      /^src\/(http|library|node|core)\//,
      /^src\/sim\/(power-law-fit|degree-histogram)\.ts$/,
      /^src\/settings\.ts$/,
      /^package:/,
      /^node:/
    ]
  },
  {
    of: /^src\/terminal\//,
    mayImport: [
      /^src\/(terminal|http|library|node|core|sim)\//,
      /^src\/((seed|gossip)-)?settings\.ts$/,
      /^protocols\/(peer-record|[^/]+\/messages)\.ts$/,
      /^package:/,
      /^node:/
    ]
  },
  // For browsers: what the server has beside the page is all that there is at run time.
  {
    of: /^src\/dashboard\//,
    mayImport: [/^src\/dashboard\//, /^src\/http\/contract\.ts$/, /^package:(d3-force|\/vendor\/)/]
  },
  { of: /^src\/[^/]+\.ts$/, mayImport: [/^src\/(terminal|library|node)\//] }
]

const importForms = [
  /(?:^|\n)\s*(?:import|export)\s[^'"=;]*?\sfrom\s+'([^']+)'/g,
  /(?:^|\n)\s*import\s+'([^']+)'/g,
  /\bimport\(\s*'([^']+)'/g
]

/** What a file imports: files of the project by path, packages as `package:NAME`, Node's own modules as they are. */
export function importsOf({ path: file, text }: SourceFile): string[] {
  const specifiers = importForms.flatMap(form => [...text.matchAll(form)].map(([, specifier = '']) => specifier))
  return specifiers.map(specifier => {
    if (specifier.startsWith('#')) return specifier.slice(1)
    if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier)
    return specifier.startsWith('node:') ? specifier : `package:${specifier}`
  })
}

export function wrongImports(files: readonly SourceFile[]): string[] {
  return files.flatMap(file => {
    const room = rooms.find(({ of }) => of.test(file.path))
    if (room === undefined) return []
    return importsOf(file)
      .filter(target => !room.mayImport.some(allowed => allowed.test(target)))
      .map(target => `${file.path} must not import ${target}`)
  })
}

export function importsOfGeneratedCode(files: readonly SourceFile[]): string[] {
  return files.flatMap(file =>
    importsOf(file)
      .filter(target => target.includes('/generated/') && path.posix.basename(file.path) !== 'codec.ts')
      .map(target => `${file.path} must not import ${target}: only a codec may`)
  )
}

export const linesMax = 400

export function tooLong(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path: file, text }) => {
    const lines = text.split('\n').length - 1
    return lines > linesMax ? [`${file} has ${lines} lines, ${linesMax} are allowed`] : []
  })
}

/** Notes to oneself, names of drawers in which everything ends up, and texts that become markup. */
export function untidy(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path: file, text }) => [
    ...(/\b(TO[D]O|FIX[M]E|XX[X])\b/.test(text) ? [`${file} holds a note to oneself: file an issue instead`] : []),
    ...(/\/(utils?|helpers?|common|misc|shared)(\.ts|\/)/.test(`/${file}`) ? [`${file}: name what it holds`] : []),
    ...(file.startsWith('src/dashboard/') && /\b(inner|outer|insertAdjacent)HTML\b/.test(text)
      ? [`${file} makes markup of a text, which a remote may have sent: use h() of dom.ts`]
      : []),
    ...(/(^|\/)[^/]*[A-Z_][^/]*\.ts$/.test(file) ? [`${file}: file names are in kebab-case`] : [])
  ])
}

interface LockedPackage {
  /** Only tools need it. */
  readonly dev?: true
  readonly resolved?: string
  readonly optionalDependencies?: Record<string, string>
}

interface LockFile {
  readonly packages: Record<string, LockedPackage>
}

/** Optional dependencies that the lock file has no entry for: with them `npm ci` fails on a fresh machine. */
export function missingFromLock(lock: LockFile): string[] {
  return Object.entries(lock.packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(name => !Object.keys(lock.packages).some(entry => entry.endsWith(`node_modules/${name}`)))
      .map(name => `${where} wants ${name}, which package-lock.json does not have`)
  )
}

/** Packages with the host that they came from, which is that of one machine; folders of the project have a path there. */
export function hostsInLock(lock: LockFile): string[] {
  return Object.entries(lock.packages).flatMap(([where, { resolved }]) =>
    resolved?.includes(':') === true ? [`${where} comes from ${resolved}: set omit-lockfile-registry-resolved`] : []
  )
}

export const lockFiles = ['package-lock.json', 'test/foreign/packages/package-lock.json']

export function lockFile(file = 'package-lock.json'): LockFile {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as LockFile
}
