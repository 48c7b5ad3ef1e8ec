import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { Command } from './program.ts'

/** This project as others get it: as a clone, and as a package. */

export const root = path.resolve(import.meta.dirname, '../..')

/** What git would clone, relative to the root. */
export function projectFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
}

/** Copies these files of the project to the folder. */
export function copyProject(folder: string, files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    copyFileSync(path.join(root, file), path.join(folder, file))
  }
}

export interface NpmRun {
  readonly ok: boolean
  /** Both outputs. */
  readonly said: string
  /** It failed because no registry answers and the cache does not have what is missing. */
  readonly offline: boolean
}

/** Nothing that npm says of itself, nothing over the net that is in the cache. */
const settings = {
  npm_config_prefer_offline: 'true',
  npm_config_fetch_retries: '0',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  // The npm that runs these tests may have been told to be silent.
  npm_config_loglevel: 'notice'
}

/** Runs npm to its end. @param line such as `npm install` */
export async function npm(line: string, cwd: string): Promise<NpmRun> {
  const command = new Command(line, cwd, settings)
  const { code } = await command.exited
  const said = [...command.lines, ...command.errors].join('\n')
  const ok = code === 0
  return {
    ok,
    said,
    offline: !ok && /(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|SOCKET_TIMEOUT|ENOTCACHED)/.test(said)
  }
}
