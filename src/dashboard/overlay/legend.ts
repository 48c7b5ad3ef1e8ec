import { h, svg } from '../dom.ts'

/** What the signs of the picture mean. */
export function legend(): HTMLElement {
  return h(
    'ul',
    { class: 'legend' },
    entry(svg('circle', { class: 'hub', cx: 10, cy: 8, r: 7 }), 'hub, many links'),
    entry(svg('circle', { class: 'leaf', cx: 10, cy: 8, r: 3.5 }), 'leaf, few links'),
    entry(svg('path', { class: 'link', d: 'M1 13 19 3' }), 'link'),
    entry(svg('path', { class: 'signal', d: 'M1 13 19 3' }), 'way of a message'),
    entry(svg('circle', { class: 'newcomer', cx: 10, cy: 8, r: 5.5 }), 'has just joined'),
    entry(svg('path', { class: 'death', d: 'M5 3 15 13M15 3 5 13' }), 'is gone')
  )
}

function entry(sign: SVGElement, text: string): HTMLElement {
  return h('li', {}, svg('svg', { viewBox: '0 0 20 16', 'aria-hidden': 'true' }, sign), text)
}
