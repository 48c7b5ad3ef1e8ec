import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SwarmView } from '#src/http/swarm-view.ts'
import { createTestNetwork } from '#src/library/test-network.ts'
import { noBrowser, openBrowser, openPage } from '../../support/browser.ts'
import { Site } from '../../support/http.ts'
import { until } from '../../support/until.ts'
import type { Browser, Page } from 'playwright-core'
import type { OverlayReply } from '#src/http/contract.ts'
import type { TestNetwork } from '#src/library/test-network.ts'

// The dashboard of a whole network, in a real browser.

const peers = 30
const patience = { timeout: 30_000 }
const markup = '<img src=x onerror="document.title=1"><b>bold</b>'

describe.skipIf(noBrowser !== undefined)(`the page of ${peers} peers`, () => {
  const site = new Site()
  const complaints: string[] = []
  let network: TestNetwork
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    network = await createTestNetwork({
      peers,
      peerOptions: { gossip: { count: 0 } },
      onEvent: (role, node, event) => site.note({ time: new Date().toISOString(), role, node, ...event })
    })
    await site.serve(new SwarmView(network, { onKill: () => {} }))
    await network.settle(180_000)
    browser = await openBrowser()
    page = await openPage(browser, site.url, complaints)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    site[Symbol.dispose]()
    await network?.stop()
  })

  /** One of the big numbers. */
  const number = (name: string): ReturnType<Page['locator']> =>
    page.locator('.big-numbers > div', { hasText: name }).locator('.value')

  /** What the page says of it, when it is the same as what the API says. */
  const told = async (what: () => Promise<string | null>, answer: string): Promise<void> => {
    let seen: string | null = null
    const look = setInterval(
      () =>
        void what().then(
          text => (seen = text),
          () => {}
        ),
      100
    )
    try {
      await until(`the page says ${answer}`, () => seen === answer, 30_000)
    } finally {
      clearInterval(look)
    }
  }

  test('takes the token out of the address and may act', async () => {
    await page.getByRole('heading', { name: 'Overlay' }).waitFor(patience)
    expect(page.url()).not.toContain('token')
    await page.goto(new URL('/#/messages', site.url).href)
    expect(await page.getByRole('button', { name: 'Publish' }).isEnabled(patience)).toBe(true)
  })

  test('shows 30 nodes and the links that the API reports', async () => {
    await page.goto(new URL('/#/overlay', site.url).href)
    const overlay = await site.json<OverlayReply>('/overlay')
    expect(overlay.links.length).toBeGreaterThan(peers)
    await told(async () => number('Peers').textContent(), String(peers))
    await told(async () => number('Links').textContent(), String(overlay.links.length))
    const picture = page.locator('canvas')
    expect(await picture.getAttribute('aria-label')).toContain(`${peers} peers and ${overlay.links.length} links`)
    const map = page.getByRole('region', { name: 'Overlay' })
    await map.getByRole('button', { name: 'Table' }).click()
    expect(await map.locator('tbody tr').count()).toBe(peers)
    const links = await map.locator('tbody td:nth-child(3)').allTextContents()
    expect(links.reduce((sum, each) => sum + Number(each), 0)).toBe(2 * overlay.links.length)
    expect(await picture.isVisible()).toBe(false)
  })

  test('paints them', async () => {
    await page.getByRole('region', { name: 'Overlay' }).getByRole('button', { name: 'Picture' }).click()
    const painted = `(() => {
      const canvas = document.querySelector('canvas')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0)
    })()`
    await page.waitForFunction(`${painted} > 5000`, undefined, patience)
  })

  test('a message that is published there has a hop tree of 30 nodes', async () => {
    await page.goto(new URL('/#/messages', site.url).href)
    await page.getByLabel('Have a peer say something to all').fill(`hello ${markup}`)
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('status').getByRole('link').click()
    await page
      .locator('.hop-tree circle')
      .nth(peers - 1)
      .waitFor({ ...patience, state: 'attached' })
    expect(await page.locator('.hop-tree circle').count()).toBe(peers)
    await told(async () => number('Delivered').textContent(), '100\u202f%')
    expect(await page.getByText('Everybody has it.').isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Table' }).click()
    expect(await page.locator('tbody tr').count()).toBe(peers)
  })

  test('a text that holds markup stays text', async () => {
    expect(await page.locator('.said').textContent()).toBe(`hello ${markup}`)
    await page.goto(new URL('/#/messages', site.url).href)
    await page.getByText(`hello ${markup}`).first().waitFor(patience)
    await page.goto(new URL('/#/events', site.url).href)
    await page.getByText(markup).first().waitFor(patience)
    expect(await page.locator('main img, main b').count()).toBe(0)
    expect(await page.title()).toContain('Hubcast')
  })

  test('a name that holds markup stays text', async () => {
    const id = network.peers[0]?.id ?? ''
    const named = { id, name: markup, state: 'alive', degree: 1, target: 1 }
    const other = await openPage(browser, 'about:blank')
    await other.route('**/api/v1/peers', async route => route.fulfill({ json: { peers: [named] } }))
    await other.route(`**/api/v1/peers/${id}`, async route =>
      route.fulfill({
        json: { ...named, neighbours: [named], seeds: [markup], delivered: 0, published: 0, events: [] }
      })
    )
    await other.route('**/api/v1/overlay', async route =>
      route.fulfill({ json: { revision: 1, nodes: [named], links: [] } })
    )
    for (const where of ['/#/peers', `/#/peers/${id}`, `/#/overlay?peer=${id}`]) {
      await other.goto(new URL(where, site.url).href)
      await other.getByText(markup).filter({ visible: true }).first().waitFor(patience)
      expect(await other.locator('main img, main b').count(), where).toBe(0)
    }
    await other.close()
  })

  test('a peer that is killed goes from the page', async () => {
    const victim = network.peers[3]
    if (victim === undefined) throw new Error('nobody to kill')
    await page.goto(new URL('/#/overlay', site.url).href)
    await told(async () => number('Peers').textContent(), String(peers))
    await network.kill(victim)
    await told(async () => number('Peers').textContent(), String(peers - 1))
    const map = page.getByRole('region', { name: 'Overlay' })
    expect(await map.locator('canvas').getAttribute('aria-label')).toContain(`Overlay of ${peers - 1} peers`)
    await page.goto(new URL('/#/peers', site.url).href)
    await page.getByRole('combobox', { name: 'State' }).selectOption('alive')
    await told(async () => String(await page.locator('tbody tr').count()), String(peers - 1))
    expect(await page.locator('tbody').getByText(victim.name, { exact: true }).count()).toBe(0)
  })

  test('and nothing was refused by the content security policy, or went wrong otherwise', () => {
    expect(complaints).toEqual([])
  })
})
