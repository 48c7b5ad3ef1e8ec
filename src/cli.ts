#!/usr/bin/env node
import './node/polyfill.ts'
import { command } from './terminal/arguments.ts'
import { inspectCommand, peerCommand, seedCommand, simulateCommand, swarmCommand } from './terminal/commands.ts'

await command('hubcast', 'A gossip network on libp2p.')
  .addCommand(swarmCommand())
  .addCommand(seedCommand())
  .addCommand(peerCommand())
  .addCommand(inspectCommand())
  .addCommand(simulateCommand())
  .parseAsync()
