import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Monitor } from '#src/http/monitor.ts'
import { noBrowser, openBrowser, openPage } from '../../support/browser.ts'
import { Site, token } from '../../support/http.ts'
import { viewWith } from '../../support/view.ts'
import type { Browser } from 'playwright-core'

// Who may see the dashboard and who may act, as a real browser has it.

const patience = { timeout: 30_000 }

describe.skipIf(noBrowser !== undefined)('guests', () => {
  let browser: Browser
  let site: Site
  beforeAll(async () => {
    browser = await openBrowser()
  })
  beforeEach(async () => {
    site = await Site.of(viewWith())
    return () => site[Symbol.dispose]()
  })
  afterAll(async () => browser?.close())

  test('a page that is reached by the name of somebody else is refused', async () => {
    const page = await browser.newPage()
    const answer = await page.goto(`http://evil.example:${site.port}/`)
    expect(answer?.status()).toBe(403)
    await page.close()
  })

  test('a page of another origin can neither read nor act', async () => {
    const other = await Site.of(viewWith())
    const page = await openPage(browser, new URL('/', other.url).href)
    const ask = `fetch('http://127.0.0.1:${site.port}/api/v1/publish', { method: 'POST', headers: { authorization: 'Bearer ${token}' } })`
    expect(await page.evaluate(`${ask}.then(() => 'answered', () => 'refused')`)).toBe('refused')
    const read = `fetch('http://127.0.0.1:${site.port}/api/v1/node').then(() => 'answered', () => 'refused')`
    expect(await page.evaluate(read)).toBe('refused')
    await page.close()
    other[Symbol.dispose]()
  })

  test('without the token one may watch, and is told what is missing', async () => {
    const page = await openPage(browser, new URL('/#/messages', site.url).href)
    await page.getByText('Only watching').waitFor(patience)
    expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true)
    await page.close()
  })

  test('the first key leads past the navigation, and every page has its heading', async () => {
    const page = await openPage(browser, site.url)
    await page.getByRole('heading', { name: 'Overlay' }).waitFor(patience)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    for (const name of ['Messages', 'Peers', 'Seeds', 'Events']) {
      await page.getByRole('link', { name, exact: true }).press('Enter')
      await page.getByRole('heading', { name, level: 1 }).waitFor(patience)
    }
    await page.close()
  })

  test('a lost connection is shown, and found again', async () => {
    const page = await openPage(browser, site.url)
    await page.getByText('Live', { exact: true }).waitFor(patience)
    site.monitor.stop()
    await page.getByText('Reconnecting…').waitFor(patience)
    const again = new Monitor({ host: '127.0.0.1', port: site.port, token, onFault: () => {} })
    await again.serve(viewWith())
    await page.getByText('Live', { exact: true }).waitFor(patience)
    await page.close()
    again.stop()
  })
})
