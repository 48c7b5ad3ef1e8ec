import type { BroadcasterSettings } from './core/broadcaster.ts'
import type { DegreeLawSettings } from './core/degree-law.ts'
import type { EnrolmentSettings } from './core/enrolment.ts'
import type { LivenessSettings } from './core/liveness.ts'
import type { PendingReportsSettings } from './core/pending-reports.ts'
import type { TopologySettings } from './core/topology.ts'

/**
 * Every number of the system that is not part of the wire (those stand in protocols/). The name gives the unit, the comment the
 * reason and where it comes from: the mission (what was asked for), a measurement, a simulation of the overlay with message
 * delay and churn, or an estimate that nobody has checked yet.
 */

export const degreeLaw: DegreeLawSettings = {
  /** Mission: a power law. Between 2 and 3 distances are ultra-short; simulated from 2.1 to 3.5. */
  gamma: 2.5,
  /** Simulation: with 4 links each, a crash of 30 % leaves 99.7 % of the rest in one piece; with 3 links 98.5 %. */
  kMin: 4,
  /** In a network of a few peers 4 links each would be nearly everybody to everybody: nobody would stand out as a hub. */
  kMinSmall: 3,
  smallNetworkPeers: 32,
  /** Below libp2p's limit of 300 connections, with 44 left for seeds and for attempts. Simulation: more gains less than a hop. */
  kMax: 256
}

/** Whom a peer remembers and names to neighbours, for times without seeds. */
export const knownPeers = {
  /** Far more than have to be tried to find somebody alive, in 1 MiB; also as the file with `--data-dir`. */
  entriesMax: 1_000,
  /** One neighbour alone cannot fill the book: three answers. */
  entriesPerNeighbourMax: 96,
  /** Records in one answer: 22 KiB at most. */
  answerRecordsMax: 32,
  /** A search without seeds begins every 2 to 30 s; at most 2 KiB a second for a neighbour that asks as often as it may. */
  answerSpacingMs: 10_000,
  /** Neighbours of long that a peer tries first when it starts again: one may be gone. Whoever has lived for long lives on the likeliest. */
  anchorsMax: 2,
  /** The first comes when the links stand. A book is up to 1 MiB, so it is not written for every newcomer. Estimates. */
  firstSaveMs: 10_000,
  saveMs: 60_000,
  /** A line is 1.5 KiB at most. */
  fileBytesMax: 2 * 1024 * 1024
}

/** Reports of deaths that wait for a seed. */
export const pendingReports: PendingReportsSettings = {
  /** As many as a peer can have neighbours. */
  pendingMax: 256,
  /** By then all leases have ended: no seed lists the peer unless it has come back. */
  pendingMsMax: 600_000
}

export const topology: TopologySettings = {
  /** Simulation: covers a dial (two round trips) with two messages held up for 2 s each; longer only delays. */
  linkTimeoutMs: 10_000,
  /** Longer than a request, so that whoever waits for a referral gives up last. */
  referralTimeoutMs: 12_000,
  /** Simulation: 8, or the target if that is more, in 10 s is never felt when 10,000 join in 10 s; it bounds abuse. */
  splicesAtOnce: 8,
  spliceWindowMs: 10_000,
  /** Simulation: 1, 2, 4 and 8 give the same law at the same cost, but 1 builds a big hub four times slower. */
  dialsAtOnce: 4,
  /** Simulation: 0 s costs 0.4 dials more per join, because all who lost the same hub look for links at the same moment. */
  repairDelayMs: 2_000,
  /** Simulation: without back-off refusals per join double. */
  seekBackoffMs: 2_000,
  seekBackoffMsMax: 30_000,
  /** Without seeds: one may know nobody new, two may have died with the seeds. */
  consultedMax: 3,
  /** A message may be held up for 2 s: a question must never come too soon after the one before. */
  consultSpacingMs: knownPeers.answerSpacingMs + 2_000,
  /** Simulation, without seeds: 4 cost half as many dials again, 8 twice as many, and fewer peers are on target, for all splice all. */
  hearsayPerSourceMax: 2,
  /** When somebody joins, each peer asks for its new standing within (number of peers) times this: 10 questions a second in all. */
  reviewMsPerPeer: 100,
  /**
   * If so many of all peers are back at one blow, the network was parted: at least 4, for fewer cannot have all the links that they want
   * among themselves, and a quarter of all. When two halves meet again, with three seeds between them, one side sees half of all come
   * back, the other, whose seed still lists a third of the first, a third.
   */
  reunionPeersMin: 4,
  reunionShare: 0.25,
  /** Neighbours whose link broke and whose fate is not known yet: as many as there can be links. */
  lostNeighboursMax: 256
}

export const liveness: LivenessSettings = {
  /** Mission. */
  pingIntervalMs: 13_000,
  /** Mission: dead after 3 failures in a row, which is 26 s after the first. */
  pingFailuresMax: 3
}

/**
 * How long a ping may take, dial included, in ms. Measured with 200 ms round trips and 20 % loss: the slowest 1 % take 3.3 s;
 * simulation of overloaded peers: 10 s raises up to 34 times fewer false alarms than 5 s. Below the interval of 13 s.
 */
export const pingTimeoutMs = 10_000

/** A ping that fails while our own event loop stood still for so long says nothing about the other end, in ms. Measured: see src/node/loop-lag.ts. */
export const loopLagMsMin = 1_000

/** Neighbours that are asked about another one that has missed pings; and how many of such questions a peer looks into at once. Estimates. */
export const witnesses = { askedMax: 3, pingsMax: 16 }

/** A node that takes longer to say who it is may as well be one of ours that is busy, in ms: as long as a ping. */
export const identifyTimeoutMs = pingTimeoutMs

/** How often a node is asked who it is while its answer cannot be read, and how long between, in ms. Estimate. */
export const identifyTriesMax = 3
export const identifyRetryMs = 1_000

export const broadcaster: BroadcasterSettings = {
  /** Mission. */
  startDelayMs: 30_000,
  /** Mission. */
  intervalMs: 5_000,
  /** Mission. */
  count: 10
}

/** A connected node whose gossip stream has ended is asked for a new one after this time, in ms. Estimate. */
export const gossipRetryMs = 5_000

/** Keys of origins kept ready for the signature check, about 1 KiB each. */
export const originKeysMax = 4_096

/** What two streams of one connection say at the same moment arrives within this time, even behind a 2 s stall. Estimate. */
export const lastWordMs = 3_000

export const enrolment: EnrolmentSettings = {
  /** Two renewals in a row may be lost. */
  renewalsPerLease: 3,
  /** Clocks that run at 0.9 times the speed of others have never been seen; the answer takes its time as well. Estimate. */
  leaseShare: 0.9,
  /** Ten exchanges in a row. Our seeds grant 60 s and more. Estimate. */
  leaseMsMin: 10_000,
  /** Several changes in a row are told together. */
  renewSpacingMs: 1_000,
  /**
   * A restarting seed is back within seconds. When all come back, everybody is to be registered within 30 s: an attempt that fails takes 10 s,
   * and the next one begins this much later, half of it more or less.
   */
  retryMs: 1_000,
  retryMsMax: 10_000,
  /** All peers of a seed notice at about the same moment that it is back: 10,000 renewals are 2,000 a second then. */
  returnMsMax: 5_000
}

/** Time after which the stream of a seed's announcements is opened again when it ended, in ms. Spread by half. Estimate. */
export const followRetryMs = 2_000

/** The same for the first time, twice as long each time: seeds start one after another, and hear each other at once all the same. Estimate. */
export const followRetryMsMin = 100

/** After so many failures in a row, about five seconds, somebody should know. Estimate. */
export const followFailuresTold = 6

/** How long a seed's probe may take, dial included, in ms: two of them fit the suspicion, and others have waited for 10 s before. */
export const probeTimeoutMs = 5_000

/**
 * Peers that a peer remembers from announcements: twice as many as a network has in which everybody hears of everybody, for in a larger one
 * nobody says of most of them when they go. 1 KiB each.
 */
export const directoryEntriesMax = 2_000

/** The identities of seeds that a machine remembers. */
export const knownSeeds = {
  /** A network has a handful, and a machine is in a few networks. The file is read for every dial, in under 1 ms. */
  entriesMax: 1_000,
  /** So many with the longest host name there is (253), their ports and identities (60), and as much for comments. */
  bytesMax: 768 * 1024
}

/** Changes of a text file that several processes share. */
export const textLock = {
  /** A change takes a few ms, most of it waiting for the disk. */
  retryMs: 15,
  /** Nobody takes so long but a process that was killed or stopped on the way. */
  staleMs: 2_000
}

/** Time after which seeds look whether config.pinned.txt can be completed, in ms: as often as they try one that is away. */
export const pinnedConfigLookMs = 2_000

export const host = {
  /** libp2p's own limit, which its pruner enforces. A seed has a connection to each registered peer, so it needs more. */
  peerConnectionsMax: 300,
  seedConnectionsMax: 10_000,
  /** libp2p admits 5 a second and address and 10 in all: measured, 40 peers that start together on one machine lose 35 dials. */
  inboundConnectionsPerSecond: 500,
  inboundPendingMax: 256,
  /** A handshake takes 13 ms of work (measured) and a few round trips; libp2p's 10 s let silent sockets fill the place. */
  inboundUpgradeTimeoutMs: 3_000,
  dialTimeoutMs: 10_000,
  /** libp2p dials 100 at once and lets 400 wait, which uses up their time for a ping: all probes of a seed, its dial-backs, 64 more, and nobody waits. */
  dialsAtOnceMax: 1_216,
  /** Addresses tried for one peer. A record has at most 4. */
  addressesDialledMax: 4,
  /** Window of one stream. yamux starts at 256 KiB and would go to 16 MiB. */
  streamWindowBytesMax: 1024 * 1024,
  /** What a paused stream may hold, the window and what is on its way. */
  streamBufferBytesMax: 2 * 1024 * 1024,
  /** Streams of one connection that a remote may hold open: our five protocols, ping and identify need about 12. */
  streamsPerConnectionMax: 128,
  /** Nodes that speak none of our protocols: each costs a ping per interval, and most connections are for neighbours. Estimate. */
  foreignNodesMax: 32,
  /** An idle connection is closed after this time; by then whoever wanted to link again has done so. Estimate. */
  idleConnectionMs: 15_000,
  /** libp2p ends an inbound ping stream after 10 s, though its specification wants it to be kept; Rust and Go nodes keep one. */
  inboundPingMsMax: 120_000
}

/** Leaving gracefully must be over within 5 s, whoever does not answer. */
export const leaveTimeoutMs = 4_000

/** Guard of what a remote sends before it has proved anything; see src/node/guard.ts. */
export const guard = {
  /** Noise and negotiation together need under 2 KiB. */
  bytesBeforeUpgradeMax: 8 * 1024,
  /** A stream's negotiation is two short lines. */
  bytesBeforeProtocolMax: 2 * 1024,
  /** With 4, an address that only holds sockets open locks nobody else out (measured). */
  pendingPerAddressMax: 4,
  /** Six for each peer that a seed registers from one address; they leave place for others. Estimate. */
  openPerAddressMax: 64,
  /** Streams stop when the connection is full, so little more than their windows should ever wait. Estimate. */
  unsentBytesMax: 8 * 1024 * 1024,
  /** Streams that a remote may open in a second: registering 10,000 peers through one connection would still be fine. */
  streamsPerSecondMax: 200
}

/** What is kept for those who watch over HTTP, and how much they may ask for; see src/http/. */
export const http = {
  /** Ten minutes of a swarm of 12 peers that all talk, two seconds of one of 500; about 250 bytes each. Estimate. */
  eventsMax: 16_384,
  /** Texts have up to 64 KiB: so many that all the rest never needs it. */
  eventCharactersMax: 8 * 1024 * 1024,
  /** In a swarm of 500 each has 500 hops of about 100 bytes, so 20 MB in all. More than anybody looks through. */
  messagesMax: 400,
  /** With whole texts a list would have up to 25 MB. */
  listTextMax: 1_000,
  /** Time for which a dead peer is shown: long enough to be seen, and to be found at all seeds (50 s). */
  deadShownMs: 60_000,
  peerEventsMax: 50,
  /** Below what a ping or a frame of gossip notices. */
  cheapLookMs: 10,
  /** All who watch a large network together take no more of the time of the process. Estimate. */
  lookShareMax: 0.05,
  /** Measured on a machine with eight times the work it can do: 0.35 s for so many. With more the seed would answer late. */
  peersShownMax: 10_000,
  /** As many as a swarm may be started with: all share one thread. */
  swarmPeersMax: 500,
  /** Open event streams: browsers allow six to a server. */
  streamsMax: 32,
  /** What one stream may have on its way beside what the system buffers. */
  streamChunkCharacters: 64 * 1024,
  /** Whoever has not read a chunk for so long is cut off, and may come back and resume. Estimate. */
  streamStallMs: 10_000,
  /** Proxies end what is silent for 30 to 60 s. */
  streamHeartbeatMs: 15_000,
  /** Events that come within this time travel together; nobody sees the difference. */
  streamGatherMs: 25,
  /** A text of 64 KiB of which JSON has escaped each byte. */
  bodyBytesMax: 400 * 1024,
  /** All streams, browsers with six connections each, and a few scrapers. */
  connectionsMax: 256,
  /** Ports that are tried where the program chose the first one itself. */
  portsTriedMax: 20
}

/** The simulator's world. What a scenario leaves open. */
export const simulation = {
  /**
   * Dial-backs of a seed that are at work at once, and all. In virtual time they cost no processor: a seed to which a thousand come in a second. A real one
   * takes in about a hundred a second and core; with what it allows itself such a burst is linked a minute later.
   */
  dialBacksMax: 1_024,
  /** Time in which all join: 10 minutes, or at once. */
  growMs: 600_000,
  burstMs: 10_000,
  /** Mean lifetime while everybody is replaced: half an hour, as measurements of peer networks found. */
  lifetimeMs: 1_800_000,
  /** Longer than the last timeout, back-off and lease: what has not come to rest by then does not. */
  calmMs: 180_000,
  /** A peer that is stopped for so long has to stay in the network; see `leaseMs`. Three missed pings take 26 s. */
  stallMs: 20_000,
  /** Messages around the world, one in a hundred of them retransmitted or handled late. */
  weather: { latencyMsMin: 10, latencyMsMax: 200, slowShare: 0.01, slowMs: 2_000 },
  /** Heap for the simulator itself, and for each peer what is in use (see `bytesPerPeer`) with as much again to collect garbage. */
  heapMb: 1_024,
  heapKbPerPeer: 9,
  /** Most objects die within one message. At 100,000 peers a young generation of 256 MB takes a tenth less time than one of 64. */
  youngMb: 256
}

/**
 * In a network of up to so many peers each new link is told to the seeds at once. In a larger one only the first links of a newcomer are,
 * as many as it wants; the next renewal tells the others. Estimate.
 */
export const linksToldPeersMax = 200
