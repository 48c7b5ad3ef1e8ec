import * as wire from './generated/registration.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import {
  decodeAddress,
  decodeCount,
  decodeNetworkId,
  decodePeerId,
  decodeRecord,
  decoding,
  encodeAddress,
  encodeNetworkId,
  encodePeerId,
  encodeRecord,
  kebab,
  screaming
} from '../values.ts'
import { addressesMax } from '../peer-record.ts'
import { candidatesMax, listRecordsMax, neighboursMax } from './messages.ts'
import type { RefusalReason, RegistrationReply, RegistrationRequest, View } from './messages.ts'

const uint32Max = 0xffff_ffff
/** A bad name is the seed's to refuse, with a reason; this only keeps it from being absurd. */
const rawNameMax = 256

export function encodeRequest(request: RegistrationRequest): Uint8Array {
  switch (request.type) {
    case 'reserve':
      return wire.RegistrationRequest.encode({
        reserve: { name: request.name, network: encodeNetworkId(request.network) }
      })
    case 'register':
      return wire.RegistrationRequest.encode({ register: { record: encodeRecord(request.record) } })
    case 'renew': {
      const { degree, target, offer } = request
      const neighbours = request.neighbours.map(encodePeerId)
      return wire.RegistrationRequest.encode({ renew: { degree, target, offer, neighbours } })
    }
    case 'list':
      return wire.RegistrationRequest.encode({ list: { peer: optionalPeerId(request.peer) } })
    case 'candidates':
      return wire.RegistrationRequest.encode({ candidates: { wanted: request.wanted } })
    case 'leave':
      return wire.RegistrationRequest.encode({ leave: {} })
  }
}

/** Two bytes of a frame can ask for one more object: no more of them are made than a message may have. */
const recordLimits = { addresses: addressesMax }
const requestLimits = { renew: { neighbours: neighboursMax }, register: { record: recordLimits } }
const replyLimits = {
  list: { records: listRecordsMax, records$: recordLimits },
  candidates: { free: candidatesMax, free$: recordLimits, body: candidatesMax, body$: recordLimits }
}

/** @throws {MalformedMessageError} */
export function decodeRequest(bytes: Uint8Array): RegistrationRequest {
  return decoding('registration request', () => {
    const { reserve, register, renew, list, candidates, leave } = wire.RegistrationRequest.decode(bytes, {
      limits: requestLimits
    })
    if (reserve !== undefined) {
      return { type: 'reserve', name: rawName(reserve.name), network: decodeNetworkId(reserve.network) }
    }
    if (register !== undefined) return { type: 'register', record: decodeRecord(register.record ?? {}) }
    if (renew !== undefined) {
      return {
        type: 'renew',
        degree: decodeCount(renew.degree, 'degree', neighboursMax),
        target: decodeCount(renew.target, 'target', neighboursMax),
        offer: decodeCount(renew.offer, 'offer', neighboursMax),
        neighbours: renew.neighbours.map(id => decodePeerId(id, 'neighbour'))
      }
    }
    if (list !== undefined)
      return { type: 'list', ...(list.peer.byteLength > 0 && { peer: decodePeerId(list.peer, 'listed peer') }) }
    if (candidates !== undefined) {
      return { type: 'candidates', wanted: decodeCount(candidates.wanted, 'wanted', candidatesMax) }
    }
    if (leave !== undefined) return { type: 'leave' }
    throw new MalformedMessageError('registration request of unknown type')
  })
}

export function encodeReply(reply: RegistrationReply): Uint8Array {
  switch (reply.type) {
    case 'reserved':
      return wire.RegistrationReply.encode({ reserved: { observedAddress: encodeAddress(reply.observedAddress) } })
    case 'registered':
      return wire.RegistrationReply.encode({
        registered: { leaseMs: reply.leaseMs, view: reply.view, unreachable: reply.unreachable ?? false }
      })
    case 'list':
      return wire.RegistrationReply.encode({ list: { records: reply.records.map(encodeRecord), total: reply.total } })
    case 'candidates': {
      const { view, free, body } = reply
      return wire.RegistrationReply.encode({
        candidates: { view, free: free.map(encodeRecord), body: body.map(encodeRecord) }
      })
    }
    case 'left':
      return wire.RegistrationReply.encode({ left: {} })
    case 'refused': {
      const holder = optionalPeerId(reply.holder)
      const [, of] = /^full-(.*)$/.exec(reply.reason) ?? []
      const reason = of === undefined ? screaming(reply.reason) : 'FULL'
      const limit = of === undefined ? wire.Limit.SEED : screaming(of)
      return wire.RegistrationReply.encode({
        refused: { reason: reason as wire.RefusalReason, holder, limit: limit as wire.Limit }
      })
    }
  }
}

/** @throws {MalformedMessageError} */
export function decodeReply(bytes: Uint8Array): RegistrationReply {
  return decoding('registration reply', () => {
    const { reserved, registered, list, candidates, left, refused } = wire.RegistrationReply.decode(bytes, {
      limits: replyLimits
    })
    if (reserved !== undefined) {
      return { type: 'reserved', observedAddress: decodeAddress(reserved.observedAddress, 'observed address') }
    }
    if (registered !== undefined) {
      const leaseMs = decodeCount(registered.leaseMs, 'lease', uint32Max)
      const unreachable = registered.unreachable && ({ unreachable: true } as const)
      return { type: 'registered', leaseMs, view: decodeView(registered.view), ...unreachable }
    }
    if (list !== undefined) {
      return {
        type: 'list',
        records: list.records.map(decodeRecord),
        total: decodeCount(list.total, 'total', uint32Max)
      }
    }
    if (candidates !== undefined) {
      const { view, free, body } = candidates
      return {
        type: 'candidates',
        view: decodeView(view),
        free: free.map(decodeRecord),
        body: body.map(decodeRecord)
      }
    }
    if (left !== undefined) return { type: 'left' }
    if (refused !== undefined) {
      const reason = refused.reason ?? wire.RefusalReason.REFUSAL_UNSPECIFIED
      if (reason === wire.RefusalReason.REFUSAL_UNSPECIFIED) throw new MalformedMessageError('refusal without a reason')
      const holder = refused.holder.byteLength === 0 ? {} : { holder: decodePeerId(refused.holder, 'holder') }
      const limit = refused.limit ?? wire.Limit.SEED
      const isLimited = reason === wire.RefusalReason.FULL && limit !== wire.Limit.SEED
      const told = isLimited ? `full-${kebab(limit)}` : kebab(reason)
      return { type: 'refused', reason: told as RefusalReason, ...holder }
    }
    throw new MalformedMessageError('registration reply of unknown type')
  })
}

function optionalPeerId(id: string | undefined): Uint8Array {
  return id === undefined ? new Uint8Array() : encodePeerId(id)
}

function decodeView(view: wire.View | undefined): View {
  const peers = decodeCount(view?.peers, 'peers', uint32Max)
  const rank = decodeCount(view?.rank, 'rank', uint32Max)
  if (rank >= peers) throw new MalformedMessageError('rank is not below the number of peers')
  return { peers, rank }
}

function rawName(name: string): string {
  if (name.length > rawNameMax || !name.isWellFormed()) throw new MalformedMessageError('name is no text')
  return name
}
