/**
 * What can go wrong on a stream, one class a failure. `name` is stable: it is what logs show and tests match.
 */
export abstract class StreamFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** A length prefix announces more bytes than the protocol allows. Found before any of them is kept. */
export class FrameTooLargeError extends StreamFault {}

/** A length prefix is longer than 3 bytes, longer than it need be, or zero. */
export class FramePrefixError extends StreamFault {}

/** The stream ended inside a frame. */
export class TruncatedFrameError extends StreamFault {}

/** The bytes of a frame are no message of the protocol. */
export class MalformedMessageError extends StreamFault {}

/** A good message at a time when the protocol has no place for it. */
export class UnexpectedMessageError extends StreamFault {}

/** The signature of a message is not that of its origin, or that of a record not its owner's. */
export class ForgedMessageError extends StreamFault {}

/** The other end belongs to another network. */
export class OtherNetworkError extends StreamFault {}

/** The other end took longer than the protocol allows. */
export class DeadlineError extends StreamFault {}

/** The other end reads more slowly than we write, and the queue for it is full. */
export class SlowReaderError extends StreamFault {}

/** The stream or its connection ended before the answer came. */
export class StreamEndedError extends StreamFault {}

/** A stream was opened that agreed on none of our protocols. */
export class UnknownProtocolError extends StreamFault {}
