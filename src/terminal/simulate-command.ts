import { command, decimal, examples, wholeNumber } from './arguments.ts'
import { Option } from 'commander'
import { degreeLaw } from '#src/settings.ts'
import { gossipScenarios } from '#src/sim/gossip/plan.ts'
import { gossipSystems } from '#src/sim/gossip/system.ts'
import { seedsScenarios } from '#src/sim/seeds/scenarios.ts'
import type { Command } from 'commander'
import type { ReportOptions } from './run-report.ts'
import type { SimulateOverlayOptions } from './run-simulate.ts'
import type { SimulateGossipOptions } from './run-simulate-gossip.ts'
import type { SimulateSeedsOptions } from './run-simulate-seeds.ts'

/** The network in virtual time, and what it promises. */
export function simulateCommand(): Command {
  const overlay = command('overlay', 'Grows an overlay of any size in virtual time and measures it.')
    .option('--peers <number>', 'peers that join', wholeNumber(2, 2_000_000), 1_000)
    .option('--turnover <number>', 'how often everybody is replaced by somebody new', decimal(0, 100), 0)
    .option('--seed <number>', 'the same seed gives the same run', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--seeds <number>', 'seeds of the network', wholeNumber(1, 9), 3)
    .option('--gamma <number>', 'exponent of the law', decimal(1.5, 4), degreeLaw.gamma)
    .option('--kmin <number>', 'fewest links (default: 4, and 3 below 32 peers)', wholeNumber(1, 16))
    .option('--kmax <number>', 'most links', wholeNumber(8, 256), degreeLaw.kMax)
    .option('--stalls <share>', 'share of the peers that stand still for 20 s, at random moments', decimal(0, 1), 0)
    .option(
      '--partition <seconds>',
      'time for which no message passes between two halves of the network',
      wholeNumber(0, 3_600),
      0
    )
    .addOption(
      new Option('--crash <share>', 'share of all peers that die at one moment')
        .argParser(decimal(0, 0.9))
        .default(0)
        .conflicts('attackHubs')
    )
    .option(
      '--attack-hubs <share>',
      'share of the peers, those with the most links, that die at one moment',
      decimal(0, 0.5),
      0
    )
    .option('--loss <share>', 'share of the messages that get lost', decimal(0, 0.3), 0)
    .option('--burst', 'all join within 10 s instead of 10 minutes')
    .option('--edges <file>', 'write the links, two numbers a line')
    .option('--plot <file>', 'draw the degrees, as SVG')
    .option('--json', 'print a line of JSON for each part of the run')
    .addHelpText(
      'after',
      examples(
        'simulate overlay --peers 10000 --turnover 10',
        'simulate overlay --peers 1000 --attack-hubs 0.05 --plot degrees.svg'
      )
    )
    .action(async (options: SimulateOverlayOptions) => (await import('./run-simulate.ts')).runSimulateOverlay(options))
  const gossip = command('gossip', 'Runs the gossip beside models of gossipsub and of a flood, and compares them.')
    .option('--peers <number>', 'peers of the network', wholeNumber(32, 2_000_000), 1_000)
    .addOption(
      new Option('--scenario <name>', 'what happens to them (default: one after another)').choices(gossipScenarios)
    )
    .addOption(new Option('--system <name>', 'who is to show it (default: all)').choices(gossipSystems))
    .option('--seed <number>', 'the same seed gives the same run', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--runs <number>', 'runs with this seed and the next ones', wholeNumber(1, 1_000), 1)
    .option(
      '--messages <number>',
      'messages that are published (default: for a minute or two)',
      wholeNumber(1, 1_000_000)
    )
    .option(
      '--rate <number>',
      'messages a second (default: 20, and fewer in networks over 3,000 peers)',
      decimal(0.01, 10_000)
    )
    .option(
      '--jobs <number>',
      'runs at a time (default: as many as there are cores and memory for)',
      wholeNumber(1, 1_024)
    )
    .option('--json', 'print a line of JSON for each scenario, system and run')
    .addHelpText('after', examples('simulate gossip --scenario crash', 'simulate gossip --peers 1000000'))
    .action(async (options: SimulateGossipOptions) =>
      (await import('./run-simulate-gossip.ts')).runSimulateGossip(options)
    )
  const seeds = command('seeds', 'Plays what befalls seeds: races for names, crashes, partitions, overload and lies.')
    .addOption(new Option('--scenario <name>', 'what happens (default: one after another)').choices(seedsScenarios))
    .option('--seed <number>', 'the same seed gives the same runs', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--runs <number>', 'runs of each setting (default: 10, and 10,000 races)', wholeNumber(1, 1_000_000))
    .option('--json', 'print a line of JSON for each figure')
    .addHelpText('after', examples('simulate seeds --scenario race --runs 1000'))
    .action(async (options: SimulateSeedsOptions) =>
      (await import('./run-simulate-seeds.ts')).runSimulateSeeds(options)
    )
  const report = command('report', 'Plays all that the overlay promises and compares it with what it has to reach.')
    .option('--quick', 'networks of up to 10,000 peers: a few minutes')
    .addOption(
      new Option('--peers-max <number>', 'networks of up to so many peers').argParser(wholeNumber(200, 2_000_000))
    )
    .option('--seed <number>', 'the same seed gives the same run', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--baseline <file>', 'figures of before: none may be worse')
    .option('--write-baseline <file>', 'write the figures')
    .action(async (options: ReportOptions) => (await import('./run-report.ts')).runReport(options))
  return command('simulate', 'Runs the very code of the network in virtual time.')
    .addCommand(overlay)
    .addCommand(gossip)
    .addCommand(seeds)
    .addCommand(report)
}
