/** Figures as people read them. A thin space groups thousands and stands before units. */

const thin = '\u202f'

export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, thin)
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Rounded down, so that 100 % means all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  const share = Math.floor((1000 * part) / whole) / 10
  return `${share === 100 ? '100' : share.toFixed(1)}${thin}%`
}

export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (value >= 10_000) return `${(value / 1000).toFixed(0)}${thin}s`
  if (value >= 1000) return `${(value / 1000).toFixed(1)}${thin}s`
  return `${value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value)}${thin}ms`
}

/** Local time of the day, to the second. */
export function clock(time: number | string): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}

/** The middle of a peer id says nothing to people, and its first characters are the same for all. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 4)}…${id.slice(-6)}`
}
