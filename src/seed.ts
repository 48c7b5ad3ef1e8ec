#!/usr/bin/env node
import './node/polyfill.ts'
import { command } from './terminal/arguments.ts'

const options = command(
  'seed',
  'Starts the seeds of config.txt that belong to this machine, each in a process of its own.'
)
  .option('--config <file>', 'the seeds of the network, one IP:Port a line', 'config.txt')
  .option('--only <host:port>', 'start this one of them only')
  .option('--in-process', 'run all of them in this process')
  .option('--data-dir <folder>', 'where the keys are kept', '.hubcast')
  .option('--output <file>', 'log of what the seeds do', 'output.txt')
  .option('--json', 'print events as JSON, one a line')
  .addHelpText(
    'after',
    '\nExamples:\n  node dist/seed.js\n  node dist/seed.js --only 192.0.2.7:5002   # on the machine with this address'
  )
  .parse()
  .opts<{ config: string; only?: string; inProcess?: true; dataDir: string; output: string; json?: true }>()

const { runSeeds } = await import('./terminal/run-seeds.ts')
await runSeeds(options)
