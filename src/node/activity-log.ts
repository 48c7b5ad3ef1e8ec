import { messageLine, sentence } from './events.ts'
import { LogFile } from './log-file.ts'
import type { Happening, NodeEvent, OnHappening, Subject } from './events.ts'
import type { LogFileWatch } from './log-file.ts'

export interface ActivityLogOptions extends LogFileWatch {
  /** File for what nodes do. */
  readonly output: string
  /** File for the gossip messages received; seeds receive none. */
  readonly messages?: string
  /** Also told of each event, with its sentence. Must not throw. */
  readonly onEvent: (event: NodeEvent, text: string) => void
}

/** output.txt and ML.txt: what happens in the nodes of this process, one line each. */
export class ActivityLog {
  readonly #output: LogFile
  readonly #messages: LogFile | undefined
  readonly #onEvent: ActivityLogOptions['onEvent']

  constructor(options: ActivityLogOptions) {
    const { output, messages, onEvent } = options
    this.#output = new LogFile(output, options)
    this.#messages = messages === undefined ? undefined : new LogFile(messages, options)
    this.#onEvent = onEvent
  }

  /** What a node is to tell its happenings to. */
  of(subject: Subject): OnHappening {
    return happening => this.#record(subject, happening)
  }

  /** Goes on in new files: those before were renamed, to be kept or thrown away. */
  async reopen(): Promise<void> {
    await Promise.all([this.#output.reopen(), this.#messages?.reopen()])
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await Promise.all([this.#output.close(), this.#messages?.close()])
  }

  #record(subject: Subject, happening: Happening): void {
    const time = new Date().toISOString()
    const text = sentence(subject.role, happening)
    if (happening.event === 'received') {
      this.#messages?.append(`${time} ${messageLine(happening, subject.node)}`)
    } else {
      this.#output.append(`${time} [${subject.role} ${subject.node}] ${text}`)
    }
    this.#onEvent({ time, ...subject, ...happening }, text)
  }
}
