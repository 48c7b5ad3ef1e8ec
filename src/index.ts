import './node/polyfill.ts'

export { createPeer, NameTakenError } from './library/peer.ts'
export { createSeed } from './library/seed.ts'
export { createTestNetwork } from './library/test-network.ts'
export type { Happening } from './node/events.ts'
export type { Message, Peer, PeerOptions } from './library/peer.ts'
export type { Seed, SeedOptions } from './library/seed.ts'
export type { TestNetwork, TestNetworkOptions } from './library/test-network.ts'
