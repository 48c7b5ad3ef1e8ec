import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(file =>
  existsSync(file)
)

/** Why there is no browser to test with; undefined if there is one. Where everything must be tried, none is a mistake. */
export const noBrowser =
  executable === undefined ? 'no Chromium is installed (Debian: apt-get install chromium)' : undefined
if (noBrowser !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(noBrowser)
  console.warn(`the dashboard NOT tried: ${noBrowser}`)
}

/** A browser without a window. Names that nobody else has lead to this machine, as those of an attacker may. */
export async function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.example 127.0.0.1']
  return chromium.launch({ ...(executable !== undefined && { executablePath: executable }), args })
}

/** A page, with all that its console has to complain of: a refusal by the content security policy is among that. */
export async function openPage(
  browser: Browser | BrowserContext,
  address: string,
  complaints: string[] = []
): Promise<Page> {
  const page = await browser.newPage()
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(address)
  return page
}
