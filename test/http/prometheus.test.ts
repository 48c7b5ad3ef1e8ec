import { expect, test } from 'vitest'
import { parseMetrics } from '../support/prometheus.ts'

const head = '# HELP a b\n# TYPE a counter\n'
const histogram = '# HELP h x\n# TYPE h histogram\n'

test('the parser of the tests takes what Prometheus takes', () => {
  const text = `${head}a{x="1",y="\\"\\\\\\n"} 1e3\na 2 1700000000000\n${histogram}h_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n`
  expect(parseMetrics(text).map(({ name, type, samples }) => [name, type, samples.length])).toEqual([
    ['a', 'counter', 2],
    ['h', 'histogram', 4]
  ])
})

test.each([
  ['no end', `${head}a 1`],
  ['no type', '# HELP a b\na 1\n'],
  ['no help', '# TYPE a counter\na 1\n'],
  ['a type that there is not', '# HELP a b\n# TYPE a count\na 1\n'],
  ['a family twice', `${head}a 1\n${head}a{x="1"} 1\n`],
  ['a sample of no family', `${head}b 1\n`],
  ['a name that is none', '# HELP a-b c\n# TYPE a-b counter\na-b 1\n'],
  ['a series twice', `${head}a{x="1"} 1\na{x="1"} 2\n`],
  ['a label twice', `${head}a{x="1",x="2"} 1\n`],
  ['a quote in a label', `${head}a{x="""} 1\n`],
  ['an escape that there is not', `${head}a{x="\\t"} 1\n`],
  ['no number', `${head}a one\n`],
  ['a counter below zero', `${head}a -1\n`],
  ['a comment', `${head}# more\na 1\n`],
  [
    'buckets out of order',
    `${histogram}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`
  ],
  ['buckets that shrink', `${histogram}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`],
  ['no last bucket', `${histogram}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`],
  ['a count of its own', `${histogram}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`],
  ['no sum', `${histogram}h_bucket{le="+Inf"} 1\nh_count 1\n`]
])('the parser of the tests refuses %s', (_what, text) => {
  expect(() => parseMetrics(text)).toThrow()
})
