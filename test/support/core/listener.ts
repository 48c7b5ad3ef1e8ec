/** One thing that a machine said: the name of the output and what it was given. */
export type Saying<Out> = {
  [Name in keyof Required<Out>]: Required<Out>[Name] extends (...given: infer Given) => void ? [Name, ...Given] : never
}[keyof Out]

export interface Listener<Out> {
  /** Give this to the machine. */
  readonly out: Out
  /** All that was said since the last look, oldest first. */
  readonly heard: () => Saying<Out>[]
  /** Like `heard`, but only one kind of saying; what else was said is forgotten. */
  readonly heardOf: <Name extends keyof Out>(name: Name) => Extract<Saying<Out>, [Name, ...unknown[]]>[]
}

/** An output that only takes down what it is told. */
export function listener<Out extends object>(): Listener<Out> {
  let sayings: Saying<Out>[] = []
  const out = new Proxy({} as Out, {
    get:
      (_, name) =>
      (...given: unknown[]) => {
        sayings.push([name, ...given] as Saying<Out>)
      }
  })
  const heard = (): Saying<Out>[] => {
    const all = sayings
    sayings = []
    return all
  }
  return {
    out,
    heard,
    heardOf: <Name extends keyof Out>(name: Name) =>
      heard().filter((saying): saying is Extract<Saying<Out>, [Name, ...unknown[]]> => saying[0] === name)
  }
}
