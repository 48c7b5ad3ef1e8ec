type Attribute = string | number | boolean | undefined | ((event: Event) => void)
export type Child = Node | string | number | undefined

/**
 * A new element. Children that are no nodes become text, whatever they hold, so nothing that a remote has sent is ever markup here.
 * @param attributes functions listen to the event of that name, `true` is an attribute without value, `false` and undefined none
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return dressed(document.createElement(tag), attributes, children)
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return dressed(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** Replaces the children, if these are not the same nodes already: whoever is moved loses the focus. */
export function fill(parent: Element, ...children: readonly Node[]): void {
  const same =
    parent.childNodes.length === children.length && children.every((one, at) => parent.childNodes[at] === one)
  if (same) return
  const focused = document.activeElement
  parent.replaceChildren(...children)
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true })
  }
}

function dressed<Made extends Element>(
  element: Made,
  attributes: Record<string, Attribute>,
  children: readonly Child[]
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children) {
    if (child !== undefined) element.append(typeof child === 'number' ? String(child) : child)
  }
  return element
}
