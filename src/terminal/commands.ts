import { collect, command, decimal, standardDataDir, time, wholeNumber } from './arguments.ts'
import { withHttp } from './http-options.ts'
import { Option } from 'commander'
import { degreeLaw } from '#src/settings.ts'
import { gossipScenarios } from '#src/sim/gossip/plan.ts'
import { gossipSystems } from '#src/sim/gossip/system.ts'
import { seedsScenarios } from '#src/sim/seeds/scenarios.ts'
import type { Command } from 'commander'
import type { PeerOptions } from './run-peer.ts'
import type { SeedOptions } from './run-seeds.ts'
import type { ReportOptions } from './run-report.ts'
import type { SimulateOverlayOptions } from './run-simulate.ts'
import type { SimulateGossipOptions } from './run-simulate-gossip.ts'
import type { SimulateSeedsOptions } from './run-simulate-seeds.ts'
import type { SwarmOptions } from './run-swarm.ts'

/**
 * What our programs understand. Each command loads what it runs only when it runs: `--help` answers at once.
 */

const examples = (...lines: string[]): string => ['\nExamples:', ...lines].join('\n  ')

/** The timings of the mission, which peers and swarms share. */
function withTimings(made: Command): Command {
  return made
    .option('--count <number>', 'messages of each peer', wholeNumber(0, 1_000_000), 10)
    .addOption(time('--interval', 'time between two of them', '5s'))
    .addOption(time('--start-delay', 'time from the start to the first', '30s'))
    .addOption(time('--ping-interval', 'time between two pings of a neighbour', '13s'))
    .option('--ping-failures <number>', 'failures in a row after which it is reported dead', wholeNumber(1, 16), 3)
}

export function seedCommand(): Command {
  const seed = command(
    'seed',
    'Starts the seeds of config.txt that belong to this machine, each in a process of its own.'
  )
    .option('--config <file>', 'the seeds of the network, one IP:Port a line', 'config.txt')
    .option('--only <host:port>', 'start this one of them only')
    .option('--in-process', 'run all of them in this process')
    .option('--data-dir <folder>', 'where the keys and known-seeds.txt are kept', standardDataDir)
    .option('--require-pins', 'refuse a config with a line that has no /p2p/ID')
    .option('--output <file>', 'log of what the seeds do', 'output.txt')
  return withHttp(seed)
    .option('--json', 'print events as JSON, one a line')
    .addHelpText(
      'after',
      examples(
        'node dist/seed.js',
        'node dist/seed.js --only 192.0.2.7:5002   # on the machine with this address',
        'node dist/seed.js --config config.pinned.txt --require-pins',
        'node dist/seed.js --http 8080             # the first of them on 127.0.0.1:8080, the next on 8081'
      )
    )
    .action(async (options: SeedOptions) => (await import('./run-seeds.ts')).runSeeds(options))
}

export function peerCommand(): Command {
  const peer = command('peer', 'Starts a peer: it asks for a unique name, joins the network, and gossips.')
    .option('--name <name>', 'unique name, instead of being asked for it')
    .option('--config <file>', 'the seeds of the network, one IP:Port a line', 'config.txt')
    .option('--listen <multiaddr...>', 'addresses to listen on (default: /ip4/0.0.0.0/tcp/0)', collect)
    .option('--connect <multiaddr...>', 'also connect to these libp2p nodes, with or without /p2p/ID', collect)
    .option('--links-max <number>', 'most links to have, for a peer that cannot be a hub', wholeNumber(1, 256), 256)
  return withHttp(withTimings(peer))
    .option('--output <file>', 'log of what the peer does', 'output.txt')
    .option('--messages <file>', 'log of the messages it receives', 'ML.txt')
    .option(
      '--data-dir <folder>',
      'keep the identity of this name here, and known-seeds.txt (default: a new one each time, and .hubcast)'
    )
    .option('--require-pins', 'refuse a config with a line that has no /p2p/ID')
    .option('--json', 'print events as JSON, one a line')
    .addHelpText(
      'after',
      `\nLines typed later are gossiped. Ctrl-C leaves the network.\n${examples('node dist/peer.js', 'node dist/peer.js --name alice --count 0', 'echo bob | node dist/peer.js', 'node dist/peer.js --config config.pinned.txt --require-pins')}`
    )
    .action(async (options: PeerOptions) => (await import('./run-peer.ts')).runPeer(options))
}

export function swarmCommand(): Command {
  const swarm = command(
    'swarm',
    'Runs a whole network, seeds and peers, in one process, kills a peer, and tells what happens.'
  )
    .option('--peers <number>', 'peers to start', wholeNumber(2, 500), 12)
    .addOption(time('--for', 'how long to run', '120s'))
    .option('--kill <number>', 'peers to kill in the middle of the gossip', wholeNumber(0, 100), 1)
    .option(
      '--config <file>',
      'start the seeds at the addresses in this file (default: as many as config.txt has, on free ports)'
    )
  return withHttp(withTimings(swarm))
    .option('--no-http', 'serve nothing (default: the dashboard, on port 8080 or the next that is free)')
    .option('--json', 'print events as JSON, one a line, and a summary as the last line')
    .option('--quiet', 'print the summary only')
    .addHelpText('after', examples('node dist/swarm.js', 'node dist/swarm.js --peers 40 --kill 3 --json'))
    .action(async (options: SwarmOptions) => (await import('./run-swarm.ts')).runSwarm(options))
}

export function inspectCommand(): Command {
  return command('inspect', 'Dials any libp2p node and prints its agent, addresses, protocols and latency.')
    .argument('<multiaddr>', 'where it listens, with or without /p2p/ID')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      examples(
        'node dist/cli.js inspect /ip4/127.0.0.1/tcp/5002',
        'node dist/cli.js inspect --json /dns4/example.org/tcp/4001'
      )
    )
    .action(async (address: string, options: { json?: true }) =>
      (await import('./run-inspect.ts')).runInspect(address, options)
    )
}

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
        'node dist/simulate.js overlay --peers 10000 --turnover 10',
        'node dist/simulate.js overlay --peers 1000 --attack-hubs 0.05 --plot degrees.svg'
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
    .option('--json', 'print a line of JSON for each scenario and system')
    .addHelpText(
      'after',
      examples('node dist/simulate.js gossip --scenario crash', 'node dist/simulate.js gossip --peers 1000000')
    )
    .action(async (options: SimulateGossipOptions) =>
      (await import('./run-simulate-gossip.ts')).runSimulateGossip(options)
    )
  const seeds = command('seeds', 'Plays what befalls seeds: races for names, crashes, partitions, overload and lies.')
    .addOption(new Option('--scenario <name>', 'what happens (default: one after another)').choices(seedsScenarios))
    .option('--seed <number>', 'the same seed gives the same runs', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--runs <number>', 'runs of each setting (default: 10, and 10,000 races)', wholeNumber(1, 1_000_000))
    .option('--json', 'print a line of JSON for each figure')
    .addHelpText('after', examples('node dist/simulate.js seeds --scenario race --runs 1000'))
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
