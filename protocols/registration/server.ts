import { answer } from '../streams/exchange.ts'
import { decodeRequest, encodeReply } from './codec.ts'
import { registrationProtocol, registrationRequestBytesMax } from './messages.ts'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { OnFault, StreamHost } from '../streams/exchange.ts'
import type { RegistrationReply, RegistrationRequest } from './messages.ts'

/** Answers a request of the peer that libp2p has authenticated; `address` is where its connection comes from. */
export type OnRegistrationRequest = (
  peer: string,
  request: RegistrationRequest,
  address: Multiaddr
) => RegistrationReply | Promise<RegistrationReply>

/** Serves registration on a seed's node. */
export async function serveRegistration(
  host: StreamHost,
  onRequest: OnRegistrationRequest,
  onFault: OnFault
): Promise<void> {
  await answer(
    host,
    registrationProtocol,
    registrationRequestBytesMax,
    async (bytes, { remotePeer, remoteAddr }) =>
      encodeReply(await onRequest(remotePeer.toString(), decodeRequest(bytes), remoteAddr)),
    onFault
  )
}
