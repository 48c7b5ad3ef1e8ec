/** One series with its value. */
export interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

interface Family {
  readonly name: string
  readonly type: string
  readonly samples: Sample[]
}

const familyName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const sampleLine = new RegExp(`^(?<name>${familyName})(?:\\{(?<labels>.*)\\})? (?<value>\\S+)(?: -?\\d+)?$`)
const label = /(?<key>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y
const goFloat = /^(?:NaN|[+-]?Inf|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)$/

/**
 * Reads metrics as Prometheus does (text format 0.0.4), and is stricter: every family has its help and its type, stands in one piece, and
 * is what its type says.
 * @throws for the first thing that is wrong, with its line
 */
export function parseMetrics(text: string): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, Family>()
  const series = new Set<string>()
  let helped: string | undefined
  let current: Family | undefined
  for (const line of text.split('\n').filter(each => each !== '')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`)
    }
    const help = new RegExp(`^# HELP (${familyName}) (?:[^\\\\]|\\\\[\\\\n])*$`).exec(line)?.[1]
    const [, name, type] = new RegExp(`^# TYPE (${familyName}) (counter|gauge|histogram|summary)$`).exec(line) ?? []
    if (help !== undefined) helped = help
    else if (name !== undefined && type !== undefined) {
      if (families.has(name)) fail('told twice')
      if (helped !== name) fail('no help right before its type')
      current = { name, type, samples: [] }
      families.set(name, current)
    } else if (line.startsWith('#')) fail('no HELP and no TYPE')
    else {
      const sample = readSample(line, fail)
      if (current === undefined || !belongs(sample.name, current)) return fail('outside of its family')
      const identity = `${sample.name} ${identityOf([...sample.labels])}`
      if (series.has(identity)) fail('a series twice')
      series.add(identity)
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) check(family)
  return [...families.values()]
}

function readSample(line: string, fail: (why: string) => never): Sample {
  const { name = '', labels: list = '', value = '' } = sampleLine.exec(line)?.groups ?? fail('no sample')
  if (!goFloat.test(value)) fail('no number')
  const labels = new Map<string, string>()
  label.lastIndex = 0
  while (label.lastIndex < list.length) {
    const { key = '', value = '' } = label.exec(list)?.groups ?? fail('no label')
    if (labels.has(key)) fail('a label twice')
    labels.set(key, value)
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

/** The same for the same labels in any order. */
function identityOf(labels: readonly (readonly [string, string])[]): string {
  return labels
    .map(label => JSON.stringify(label))
    .toSorted()
    .join()
}

function belongs(sample: string, { name, type }: Family): boolean {
  const endings = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }[type] ?? ['']
  return endings.some(ending => sample === name + ending)
}

function check({ name, type, samples }: Family): void {
  const wrong = (why: string): never => {
    throw new Error(`${type} ${name}: ${why}`)
  }
  if (type === 'counter') for (const { value } of samples) if (!(value >= 0)) wrong(`counts ${value}`)
  if (type !== 'histogram') return
  const rest = ({ labels }: Sample): string => identityOf([...labels].filter(([key]) => key !== 'le'))
  for (const one of new Set(samples.map(rest))) {
    const group = samples.filter(sample => rest(sample) === one)
    const buckets = group.filter(sample => sample.name === `${name}_bucket`)
    const count = group.find(sample => sample.name === `${name}_count`)?.value ?? wrong('no count')
    if (!group.some(sample => sample.name === `${name}_sum`)) wrong('no sum')
    const bounds = buckets.map(({ labels }) => Number((labels.get('le') ?? wrong('no le')).replace('Inf', 'Infinity')))
    if (bounds.some((bound, at) => at > 0 && !(bound > (bounds[at - 1] ?? NaN)))) wrong('buckets out of order')
    if (buckets.some(({ value }, at) => value < (buckets[at - 1]?.value ?? 0))) wrong('buckets do not add up')
    if (bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count) wrong('the last bucket is not everything')
  }
}
