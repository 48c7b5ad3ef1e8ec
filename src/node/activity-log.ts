import { messageLine, sentence } from './events.ts'
import { LogFile } from './log-file.ts'
import type { Happening, NodeEvent, OnHappening, Subject } from './events.ts'

export interface ActivityLogOptions {
  /** File for what nodes do. */
  readonly output: string
  /** File for the gossip messages received; seeds receive none. */
  readonly messages?: string
  /** Also told of each event, with its sentence. Must not throw. */
  readonly onEvent: (event: NodeEvent, text: string) => void
  /** Told when a file cannot be written, once until it can be again. */
  readonly onTrouble: (error: Error) => void
}

/** output.txt and ML.txt: what happens in the nodes of this process, one line each. */
export class ActivityLog {
  readonly #output: LogFile
  readonly #messages: LogFile | undefined
  readonly #onEvent: ActivityLogOptions['onEvent']

  constructor({ output, messages, onEvent, onTrouble }: ActivityLogOptions) {
    this.#output = new LogFile(output, onTrouble)
    this.#messages = messages === undefined ? undefined : new LogFile(messages, onTrouble)
    this.#onEvent = onEvent
  }

  /** What a node is to tell its happenings to. */
  of(subject: Subject): OnHappening {
    return happening => this.#record(subject, happening)
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
