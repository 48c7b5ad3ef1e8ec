// Installs the dependencies if they are not there as package-lock.json wants them, so that one command is enough on a fresh
// machine. npm writes node_modules/.package-lock.json after each complete installation; comparing the two takes no time.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const packages = file => {
  try {
    return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages
  } catch {
    return {}
  }
}
const installed = packages('node_modules/.package-lock.json')
const missing = Object.entries(packages('package-lock.json')).filter(
  ([where, { version, optional }]) => where !== '' && optional !== true && installed[where]?.version !== version
)
if (missing.length > 0) {
  // What npm says goes to standard error: standard output belongs to the program that is about to run.
  const npm = process.env.npm_execpath
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  const { status } = spawnSync(command, [...args, 'ci'], { stdio: ['ignore', 2, 2] })
  process.exit(status ?? 1)
}
