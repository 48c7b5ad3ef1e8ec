import { errorNotice } from './components/notice.ts'
import { h } from './dom.ts'
import { overlayPage } from './overlay/page.ts'
import { eventsPage } from './pages/events.ts'
import { messagePage } from './pages/message.ts'
import { messagesPage } from './pages/messages.ts'
import { peerPage } from './pages/peer.ts'
import { peersPage } from './pages/peers.ts'
import { seedsPage } from './pages/seeds.ts'
import { hashOf, pages, routeOf } from './route.ts'
import { themeButton } from './theme.ts'
import type { Api } from './api.ts'
import type { Context } from './context.ts'
import type { Feed, FeedState } from './feed.ts'
import type { Live } from './live.ts'
import type { PageName, Route } from './route.ts'
import type { NodeReply } from '../http/contract.ts'

const titles: Record<PageName, string> = {
  overlay: 'Overlay',
  messages: 'Messages',
  peers: 'Peers',
  seeds: 'Seeds',
  events: 'Events'
}

const stateTexts: Record<FeedState, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…'
}

const retryMs = 3000

/** What stays around the pages: who serves them, where one can go, and whether they are live. */
export function openFrame(api: Api, feed: Feed, live: Live): void {
  const links = pages.map(page => h('a', { href: hashOf(page) }, titles[page]))
  const served = h('span', { class: 'served' })
  const main = h('main', { id: 'main', tabindex: -1 }, h('p', { class: 'quiet' }, 'Loading…'))
  document.body.append(
    // Not a fragment link: fragments are pages here.
    h('button', { type: 'button', class: 'skip', click: () => main.focus() }, 'Skip to the content'),
    h(
      'header',
      { class: 'frame' },
      h('a', { class: 'brand', href: hashOf('overlay') }, h('img', { src: '/dashboard/icon.svg', alt: '' }), 'Hubcast'),
      served,
      h('nav', { 'aria-label': 'Pages' }, ...links),
      feedState(feed),
      themeButton()
    ),
    main
  )

  let leave = new AbortController()
  const show = (node: NodeReply): void => {
    leave.abort()
    leave = new AbortController()
    const route = routeOf(location.hash)
    for (const [at, link] of links.entries()) {
      if (pages[at] === route.page) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    document.title = `${titles[route.page]} · Hubcast ${node.name}`
    main.dataset['page'] = route.page
    main.replaceChildren(...pageOf(route, { api, feed, live, node, signal: leave.signal }))
    scrollTo(0, 0)
  }
  const begin = async (): Promise<void> => {
    try {
      const node = await api.get<NodeReply>('node')
      served.textContent = node.role === 'swarm' ? 'swarm' : `${node.role} ${node.name}`
      addEventListener('hashchange', () => show(node))
      show(node)
    } catch (error) {
      main.replaceChildren(errorNotice(error))
      setTimeout(() => void begin(), retryMs)
    }
  }
  void begin()
}

function pageOf({ page, id, query }: Route, context: Context): Node[] {
  switch (page) {
    case 'overlay':
      return overlayPage(context, query)
    case 'messages':
      return id === undefined ? messagesPage(context) : messagePage(context, id)
    case 'peers':
      return id === undefined ? peersPage(context) : peerPage(context, id)
    case 'seeds':
      return seedsPage(context)
    case 'events':
      return eventsPage(context)
  }
}

function feedState(feed: Feed): HTMLElement {
  const element = h('span', { class: 'feed', role: 'status' })
  const tell = (): void => {
    element.textContent = stateTexts[feed.state]
    element.dataset['state'] = feed.state
  }
  feed.addEventListener('state', tell)
  tell()
  return element
}
