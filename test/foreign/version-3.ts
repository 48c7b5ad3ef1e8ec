// What packages/version-1 and version-2 have, from the packages that Hubcast itself uses.
export { noise } from '@chainsafe/libp2p-noise'
export { yamux } from '@chainsafe/libp2p-yamux'
export { identify } from '@libp2p/identify'
export { ping } from '@libp2p/ping'
export { tcp } from '@libp2p/tcp'
export { multiaddr } from '@multiformats/multiaddr'
export { createLibp2p } from 'libp2p'
