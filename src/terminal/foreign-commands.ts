import { command, examples, time, wholeNumber } from './arguments.ts'
import type { Command } from 'commander'
import type { PingOptions } from './run-ping.ts'

/** What can be done with any libp2p node, ours or not. */

export function inspectCommand(): Command {
  return command('inspect', 'Dials any libp2p node and prints its agent, addresses, protocols and latency.')
    .argument('<multiaddr>', 'where it listens, with or without /p2p/ID')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', examples('inspect /ip4/127.0.0.1/tcp/5002', 'inspect --json /dns4/example.org/tcp/4001'))
    .action(async (address: string, options: { json?: true }) =>
      (await import('./run-inspect.ts')).runInspect(address, options)
    )
}

export function pingCommand(): Command {
  return command('ping', 'Pings any libp2p node and says how long the answers take, and how many do not come.')
    .argument('<multiaddr>', 'where it listens, with or without /p2p/ID')
    .option('-c, --count <number>', 'pings to send; 0: until Ctrl-C', wholeNumber(0, 1_000_000), 5)
    .addOption(time('-i, --interval', 'time between two of them', '1s'))
    .option('--json', 'print a line of JSON for each ping, and the statistics as the last line')
    .addHelpText(
      'after',
      `\nEnds with 1 when no ping is answered.\n${examples(
        'ping /ip4/127.0.0.1/tcp/5002',
        'ping -c 0 -i 200ms /ip4/192.0.2.7/tcp/4001   # until Ctrl-C',
        'ping --json /dns4/example.org/tcp/4001'
      )}`
    )
    .action(async (address: string, options: PingOptions) => (await import('./run-ping.ts')).runPing(address, options))
}
