#!/usr/bin/env node
import './node/polyfill.ts'
import { command, time, wholeNumber } from './terminal/arguments.ts'
import type { SwarmOptions } from './terminal/run-swarm.ts'

const options = command(
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
  .option('--count <number>', 'messages of each peer', wholeNumber(0, 1_000_000), 10)
  .addOption(time('--interval', 'time between two of them', '5s'))
  .addOption(time('--start-delay', 'time from the start to the first', '30s'))
  .addOption(time('--ping-interval', 'time between two pings of a neighbour', '13s'))
  .option('--ping-failures <number>', 'failures in a row after which it is reported dead', wholeNumber(1, 16), 3)
  .option('--json', 'print events as JSON, one a line, and a summary as the last line')
  .option('--quiet', 'print the summary only')
  .addHelpText('after', '\nExamples:\n  node dist/swarm.js\n  node dist/swarm.js --peers 40 --kill 3 --json')
  .parse()
  .opts<SwarmOptions>()

const { runSwarm } = await import('./terminal/run-swarm.ts')
await runSwarm(options)
