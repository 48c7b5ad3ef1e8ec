#!/usr/bin/env node
import './node/polyfill.ts'
import { collect, command, time, wholeNumber } from './terminal/arguments.ts'
import type { PeerOptions } from './terminal/run-peer.ts'

const options = command('peer', 'Starts a peer: it asks for a unique name, joins the network, and gossips.')
  .option('--name <name>', 'unique name, instead of being asked for it')
  .option('--config <file>', 'the seeds of the network, one IP:Port a line', 'config.txt')
  .option('--listen <multiaddr...>', 'addresses to listen on (default: /ip4/0.0.0.0/tcp/0)', collect)
  .option('--connect <multiaddr...>', 'also connect to these libp2p nodes', collect)
  .option('--count <number>', 'messages to gossip', wholeNumber(0, 1_000_000), 10)
  .addOption(time('--interval', 'time between two of them', '5s'))
  .addOption(time('--start-delay', 'time from the start to the first', '30s'))
  .addOption(time('--ping-interval', 'time between two pings of a neighbour', '13s'))
  .option('--ping-failures <number>', 'failures in a row after which it is reported dead', wholeNumber(1, 16), 3)
  .option('--output <file>', 'log of what the peer does', 'output.txt')
  .option('--messages <file>', 'log of the messages it receives', 'ML.txt')
  .option('--data-dir <folder>', 'keep the identity of this name here (default: a new one each time)')
  .option('--json', 'print events as JSON, one a line')
  .addHelpText(
    'after',
    '\nLines typed later are gossiped. Ctrl-C leaves the network.\n\nExamples:\n  node dist/peer.js\n  node dist/peer.js --name alice --count 0\n  echo bob | node dist/peer.js'
  )
  .parse()
  .opts<PeerOptions>()

const { runPeer } = await import('./terminal/run-peer.ts')
await runPeer(options)
