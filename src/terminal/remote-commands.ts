import { Option } from 'commander'
import { command, examples, wholeNumber } from './arguments.ts'
import type { Command } from 'commander'
import type { EventsOptions, RemoteOptions } from './run-remote.ts'

/** What can be asked of a node that runs with `--http`, and said through it. */

function remote(name: string, description: string): Command {
  return command(name, description)
    .addOption(
      new Option('--http <address>', 'where the node answers, as it printed it at its start')
        .env('HUBCAST_HTTP')
        .default('http://127.0.0.1:8080')
    )
    .option('--token <token>', 'what lets you act (default: the #token=… of the address, then HUBCAST_TOKEN)')
    .option('--json', 'print JSON, one value a line')
}

export function statusCommand(): Command {
  return remote('status', 'Says who a running node is, whether it is ready, and what it knows of seeds and peers.')
    .addHelpText(
      'after',
      `\nEnds with 1 when the node is not ready.\n${examples('status', 'status --http http://192.0.2.7:8080 --json')}`
    )
    .action(async (options: RemoteOptions) => (await import('./run-remote.ts')).runStatus(options))
}

export function peersCommand(): Command {
  return remote('peers', 'Lists the peers that a running node knows: a seed all, a peer its neighbours.')
    .addHelpText('after', examples('peers', 'peers --http 127.0.0.1:8081', 'peers --json | jq -r .name'))
    .action(async (options: RemoteOptions) => (await import('./run-remote.ts')).runPeers(options))
}

export function eventsCommand(): Command {
  return remote('events', 'Prints what has happened in a running node lately.')
    .option('-n, --last <number>', 'how many of the last events', wholeNumber(1, 100_000), 20)
    .option('-f, --follow', 'go on with what happens from now on, until Ctrl-C')
    .addHelpText('after', examples('events', 'events -f', `events -n 1000 --json | jq 'select(.event == "received")'`))
    .action(async (options: EventsOptions) => (await import('./run-remote.ts')).runEvents(options))
}

export function publishCommand(): Command {
  return remote('publish', 'Gossips a text to the whole network, as if it were typed at the running node.')
    .argument('<text>', 'what to say; - reads it from standard input, each line a message')
    .addHelpText(
      'after',
      examples(`publish 'hello everybody' --http 'http://127.0.0.1:8080/#token=…'`, `publish - --token … < notes.txt`)
    )
    .action(async (text: string, options: RemoteOptions) => (await import('./run-remote.ts')).runPublish(text, options))
}
