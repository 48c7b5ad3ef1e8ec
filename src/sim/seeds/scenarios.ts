/** What befalls seeds and names; see `trials.ts`. */
export const seedsScenarios = ['race', 'overload', 'liars', 'outage', 'seedless', 'split'] as const
export type SeedsScenario = (typeof seedsScenarios)[number]
