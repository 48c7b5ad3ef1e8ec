import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface StaticFile {
  readonly type: string
  readonly etag: string
  readonly body: Buffer<ArrayBuffer>
}

/** Everything else in those folders is for programmers. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml'
}

/** Of these packages the one file that browsers take, as /vendor/NAME.js. */
const vendors = ['d3-dispatch', 'd3-quadtree', 'd3-timer', 'd3-force']

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The files of the dashboard, by the path at which they are served. They are read once: what is not in this list is not to be had, however
 * it is asked for. Pages and styles lie in src, modules are compiled.
 */
export async function readStaticFiles(folder = root): Promise<ReadonlyMap<string, StaticFile>> {
  const found = await Promise.all([
    read(path.join(folder, 'src/dashboard'), ['.html', '.css', '.svg']),
    read(path.join(folder, 'dist/dashboard'), ['.js']),
    Promise.all(vendors.map(vendor))
  ])
  const files = new Map(found.flat())
  const index = files.get('/dashboard/index.html')
  if (index !== undefined) files.set('/', index)
  return files
}

async function read(folder: string, kinds: readonly string[]): Promise<[string, StaticFile][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing([]))
  const files = entries.filter(entry => entry.isFile() && kinds.includes(path.extname(entry.name)))
  return Promise.all(
    files.map(async entry => {
      const file = path.join(entry.parentPath, entry.name)
      const served = path.relative(folder, file).split(path.sep).join('/')
      return [`/dashboard/${served}`, await load(file)] as [string, StaticFile]
    })
  )
}

/** Wherever npm has put the package. */
async function vendor(name: string): Promise<[string, StaticFile]> {
  const main = createRequire(import.meta.url).resolve(name)
  return [`/vendor/${name}.js`, await load(path.join(path.dirname(main), '../dist', `${name}.min.js`))]
}

async function load(file: string): Promise<StaticFile> {
  const body = await readFile(file)
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type: types[path.extname(file)] ?? 'application/octet-stream', etag, body }
}

function ifMissing<Instead>(instead: Instead): (error: unknown) => Instead {
  return error => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return instead
    throw error
  }
}
