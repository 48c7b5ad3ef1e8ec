import { collect, command, examples, standardDataDir, time, wholeNumber } from './arguments.ts'
import { withHttp } from './http-options.ts'
import type { Command } from 'commander'
import type { PeerOptions } from './run-peer.ts'
import type { SeedOptions } from './run-seeds.ts'
import type { SwarmOptions } from './run-swarm.ts'

/**
 * The programs that run nodes. Each command loads what it runs only when it runs: `--help` answers at once.
 */

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
        'seed',
        'seed --only 192.0.2.7:5002   # on the machine with this address',
        'seed --config config.pinned.txt --require-pins',
        'seed --http 8080   # the first of them on 127.0.0.1:8080, the next on 8081'
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
      'keep the identity of this name here, whom it knows, and known-seeds.txt (default: a new one each time, and .hubcast)'
    )
    .option('--require-pins', 'refuse a config with a line that has no /p2p/ID')
    .option('--json', 'print events as JSON, one a line')
    .addHelpText(
      'after',
      `\nLines typed later are gossiped; at a terminal /help lists what else there is. Ctrl-C leaves the network.\n${examples(
        'peer',
        'peer --name alice --count 0',
        'peer --name bob --json < /dev/null   # for another program to read',
        'peer --config config.pinned.txt --require-pins'
      )}`
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
    .addHelpText('after', examples('swarm', 'swarm --peers 40 --kill 3 --json'))
    .action(async (options: SwarmOptions) => (await import('./run-swarm.ts')).runSwarm(options))
}
