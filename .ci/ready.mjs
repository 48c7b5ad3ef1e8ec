// Installs the dependencies of a folder, by default the root, if they are not there as its package-lock.json wants them, so that
// one command is enough on a fresh machine. npm writes node_modules/.package-lock.json after each complete installation; comparing
// the two takes no time.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [folder] = process.argv.slice(2)
const place = new URL(folder === undefined ? '../' : `../${folder}/`, import.meta.url)

const packages = file => {
  try {
    return JSON.parse(readFileSync(new URL(file, place), 'utf8')).packages
  } catch {
    return {}
  }
}
const installed = packages('node_modules/.package-lock.json')
const missing = Object.entries(packages('package-lock.json')).filter(
  ([where, { version, optional }]) => where !== '' && optional !== true && installed[where]?.version !== version
)
if (missing.length > 0) {
  const npm = process.env.npm_execpath
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  // An npm that runs this script has told it that the root is the place to install.
  const options = [
    '--prefix',
    fileURLToPath(place),
    ...(folder === undefined ? [] : ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'])
  ]
  // What npm says goes to standard error: standard output belongs to the program that is about to run.
  const { status } = spawnSync(command, [...args, 'ci', ...options], { stdio: ['ignore', 2, 2] })
  if (status !== 0 && folder !== undefined) console.error(`${folder} is not installed: tests that need it are skipped`)
  // Without the root nothing works; without another folder all works but the tests that need it.
  if (folder === undefined) process.exit(status ?? 1)
}
