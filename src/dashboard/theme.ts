import { h } from './dom.ts'

const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const key = 'hubcast-theme'

/** A button that goes round: as the system has it, light, dark. Dispatches `themechange` at the document, for what is painted. */
export function themeButton(): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'quiet', click: () => choose(next(chosen())) })
  const choose = (theme: Theme): void => {
    localStorage.setItem(key, theme)
    document.documentElement.dataset['theme'] = theme
    button.textContent = `Theme: ${theme}`
    document.dispatchEvent(new Event('themechange'))
  }
  choose(chosen())
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => choose(chosen()))
  return button
}

function chosen(): Theme {
  const stored = localStorage.getItem(key)
  return themes.find(theme => theme === stored) ?? 'auto'
}

function next(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] as Theme
}
