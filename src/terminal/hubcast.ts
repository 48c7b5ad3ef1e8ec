import { version } from '#src/node/version.ts'
import { command, examples } from './arguments.ts'
import { peerCommand, seedCommand, swarmCommand } from './commands.ts'
import { completionCommand } from './completion.ts'
import { exitCode, exitMeanings } from './exit-codes.ts'
import { inspectCommand, pingCommand } from './foreign-commands.ts'
import { eventsCommand, peersCommand, publishCommand, statusCommand } from './remote-commands.ts'
import { simulateCommand } from './simulate-command.ts'
import type { Command } from 'commander'

/** All that the package can do, as one command. */
export function hubcast(): Command {
  const whole = command('hubcast', 'A gossip network on libp2p.')
  return whole
    .version(version, '-V, --version', 'print the version')
    .commandsGroup('Run a network:')
    .addCommand(swarmCommand())
    .addCommand(seedCommand())
    .addCommand(peerCommand())
    .commandsGroup('Ask a node that runs with --http:')
    .addCommand(statusCommand())
    .addCommand(peersCommand())
    .addCommand(eventsCommand())
    .addCommand(publishCommand())
    .commandsGroup('Look at any libp2p node:')
    .addCommand(inspectCommand())
    .addCommand(pingCommand())
    .commandsGroup('More:')
    .addCommand(simulateCommand())
    .addCommand(completionCommand(() => whole))
    .helpCommand(true)
    .addHelpText(
      'after',
      examples('swarm', 'peer --help   # each command shows examples', 'ping /ip4/127.0.0.1/tcp/5002')
    )
    .addHelpText('after', exitCodes())
}

function exitCodes(): string {
  const lines = Object.entries(exitCode).map(
    ([name, code]) => `${String(code).padStart(5)}  ${exitMeanings[name as keyof typeof exitCode]}`
  )
  return ['\nExit codes:', ...lines].join('\n')
}
