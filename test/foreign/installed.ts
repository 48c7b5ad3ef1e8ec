import { existsSync } from 'node:fs'
import path from 'node:path'

/** The packages of foreign nodes, which only tests need; see `.ci/ready.mjs`. */
export const packages = path.resolve(import.meta.dirname, 'packages')

/** npm writes this file last. Without a network at the first run there are no packages, and tests that need them are skipped. */
export const installed = existsSync(path.join(packages, 'node_modules/.package-lock.json'))

/** What a skipped test is called, so that nobody takes it for one that has passed. */
export const reason = installed ? '' : ' (skipped: test/foreign/packages is not installed)'
