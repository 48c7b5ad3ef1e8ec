import { ask } from '../streams/exchange.ts'
import { decodeReply, encodeRequest } from './codec.ts'
import { registrationProtocol, registrationReplyBytesMax } from './messages.ts'
import type { OpenStream } from '../streams/exchange.ts'
import type { RegistrationReply, RegistrationRequest } from './messages.ts'

/**
 * One registration request to the seed that `open` reaches.
 * @throws {StreamFault} when the seed breaks the protocol or does not answer in time; a dial error as libp2p gives it
 */
export async function requestRegistration(open: OpenStream, request: RegistrationRequest): Promise<RegistrationReply> {
  return decodeReply(await ask(open, registrationProtocol, encodeRequest(request), registrationReplyBytesMax))
}
