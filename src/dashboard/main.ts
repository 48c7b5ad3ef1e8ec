import { Api } from './api.ts'
import { Feed } from './feed.ts'
import { openFrame } from './frame.ts'
import { Live } from './live.ts'
import { tokenIn } from './route.ts'

// A new token in the address of a page that is open: only its fragment changes, and nothing would be loaded anew.
addEventListener('hashchange', () => {
  if (tokenIn(location.hash) !== undefined) location.reload()
})
const api = new Api(takeToken())
const feed = new Feed()
openFrame(api, feed, new Live(api, feed))

/** From the address, where it must not stay: addresses are shown, shared and kept in histories. */
function takeToken(): string | undefined {
  const key = 'hubcast-token'
  const given = tokenIn(location.hash)
  if (given !== undefined) {
    sessionStorage.setItem(key, given)
    history.replaceState(undefined, '', location.pathname)
  }
  return sessionStorage.getItem(key) ?? undefined
}
