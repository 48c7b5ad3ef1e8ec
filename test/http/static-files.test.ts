import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readStaticFiles } from '#src/http/static-files.ts'
import { workplace } from '../support/workplace.ts'

test('what lies in the two folders and is for browsers is served, and nothing else', async () => {
  using place = workplace()
  const put = (file: string, text = file): void => {
    mkdirSync(path.dirname(path.join(place.folder, file)), { recursive: true })
    writeFileSync(path.join(place.folder, file), text)
  }
  put('src/dashboard/index.html')
  put('src/dashboard/styles/page.css')
  put('src/dashboard/main.ts')
  put('src/dashboard/.hidden')
  put('dist/dashboard/main.js')
  put('dist/dashboard/main.d.ts')
  put('dist/dashboard/pages/overview.js')
  put('secret.html')
  symlinkSync(path.join(place.folder, 'secret.html'), path.join(place.folder, 'src/dashboard/link.html'))
  const files = await readStaticFiles(place.folder)
  expect([...files.keys()].filter(served => !served.startsWith('/vendor/')).toSorted()).toEqual([
    '/',
    '/dashboard/index.html',
    '/dashboard/main.js',
    '/dashboard/pages/overview.js',
    '/dashboard/styles/page.css'
  ])
  expect(files.get('/')?.body.toString()).toBe('src/dashboard/index.html')
  expect(files.get('/dashboard/styles/page.css')?.type).toBe('text/css; charset=utf-8')
  const [html, js] = ['/', '/dashboard/main.js'].map(served => files.get(served)?.etag)
  expect(html).toMatch(/^"[\w-]{22}"$/)
  expect(html).not.toBe(js)
})

test('without a dashboard there are the files of the packages', async () => {
  using place = workplace()
  const files = await readStaticFiles(place.folder)
  expect([...files.keys()].toSorted()).toEqual(
    ['d3-dispatch', 'd3-force', 'd3-quadtree', 'd3-timer'].map(name => `/vendor/${name}.js`)
  )
  for (const { type, body } of files.values()) {
    expect(type).toBe('text/javascript; charset=utf-8')
    expect(body.toString()).toContain('d3js.org')
  }
})
