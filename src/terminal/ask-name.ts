import { namePattern } from '#protocols/peer-record.ts'
import { printable } from '#src/node/printable.ts'
import type { Lines } from './lines.ts'
import type { Screen } from './screen.ts'

/** What a name is, for people. */
export const nameRule = 'a name has 1 to 32 of the letters A-Z and a-z, digits and . _ -'

/** Asks until a proper name comes; undefined when the input ends before that. */
export async function askName(lines: Lines, screen: Screen): Promise<string | undefined> {
  for (;;) {
    screen.ask('Unique name: ')
    const name = (await lines.next())?.trim()
    screen.ask('')
    if (name === undefined || namePattern.test(name)) return name
    screen.complain(`hubcast: ${JSON.stringify(printable(name))} is no name: ${nameRule}`)
  }
}
