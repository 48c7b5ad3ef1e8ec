import type { AudienceSettings } from './core/audience.ts'
import type { DeadReportsSettings } from './core/dead-reports.ts'
import type { DialBacksSettings } from './core/dial-backs.ts'
import type { RatesSettings } from './core/rates.ts'
import type { RegistrySettings } from './core/registry.ts'

/** The numbers of seeds, told as in settings.ts. */

export const registry: RegistrySettings = {
  /** Three renewals, each 20 s. Long enough for a peer that is stopped for 20 s, short enough to find a peer that nobody watches. */
  leaseMs: 60_000,
  /** With 10,000 peers a lease is twice as long, with 100,000 three times: renewals are most of what a seed does then. */
  leasePeers: 1_000,
  /** Two seeds of the choice that keep silent for 10 s each, and the questions to the others. */
  reservationMs: 25_000,
  /** About 1 KiB each, and up to 20 KiB for a hub that names its 256 neighbours. */
  entriesMax: 100_000,
  /** A household or an office behind one router; more come through at other seeds. Addresses of private networks do not count. Estimate. */
  perAddressMax: 10,
  /** A quarter of a /24: a campus is one place too. Estimate. */
  perSubnetMax: 64,
  /** Serf's value for a node that is back. */
  flapMs: 60_000,
  /** After an hour nothing is left of it. Estimate. */
  penaltyHalfLifeMs: 300_000,
  /** 8 times 13 s. Longer than that the dead must not be kept. */
  suspicionFactorMax: 8,
  /** Some six times within as many minutes are no accident. Estimate. */
  penaltyMax: 4,
  dampedMs: 120_000,
  /** About 100 B each. */
  flappersMax: 4_096
}

export const dialBacks: DialBacksSettings = {
  /** Those that wait for a silent address, 5 s each: 16 come every second at most, and there are a few besides. */
  dialBacksMax: 128,
  /** Each is 7 ms of work for either end. With many at work in a busy process, none is done before its time is over (measured with 32). */
  freshMax: 8,
  /** A handshake with somebody on the other side of the world. */
  freshMs: 500,
  /** As many as can be registered. */
  waitingMax: 100_000,
  /** A packet is lost once, and whoever has just started may be busy. */
  failuresWanted: 2,
  retryMs: 3_000,
  /** Somebody may have opened a port. */
  retryMsMax: 600_000,
  /** A quarter of a network of 16,000 behind routers. */
  retriedMax: 4_096
}

/** Requests that one peer, and all peers of one address, may send a seed. */
export const requestsOfPeer: RatesSettings = {
  /** A peer renews once a second at most, and asks for candidates every two; a search, a start and an end are a few more at once. */
  burst: 100,
  everyMs: 100,
  /** As many as may be connected. */
  askersMax: 10_000
}

export const requestsOfAddress: RatesSettings = {
  /** Ten peers with all their haste. */
  burst: 1_000,
  everyMs: 10,
  askersMax: 10_000
}

export const audience: AudienceSettings = {
  /** Up to here a join costs as many announcements as a peer has reason to hear; beyond it they would grow with the square of the network. Mission. */
  everybodyPeersMax: 1_000,
  /** Each time the network becomes small again a seed tells everybody its whole list, 200 KB each. Estimate. */
  everybodyPeersMin: 750,
  /** Mission. */
  othersTold: 64
}

export const deadReports: DeadReportsSettings = {
  /** Simulation: when half of 10,000 peers die at once, half of them silently, 256 take 110 s to find out and 1,024 take 45 s. */
  probesMax: 1_024,
  /** A third of 10,000 peers that die together. Whoever finds no place is suspected again when its lease ends. Estimate. */
  suspectsMax: 4_096,
  /** Less than an interval between pings: a peer that dies right after its acquittal is not noted away for long. */
  acquittalMs: 5_000,
  /** A process that restarts refuses once, and a packet is lost once. */
  probesWanted: 2,
  probeSpacingMs: 3_000,
  refusedMs: 1_000,
  /** An interval between pings, and room for two probes of 5 s with 3 s between them. */
  suspicionMs: 13_000,
  /**
   * A peer that is blocked for 24 s at a time renews when it comes round after 22 s, so it is heard every 46 s, and slow messages take 2 s.
   * The dead are usually reported after 37 s of silence, so it costs hardly anything. Simulated for hours: see `simulate seeds`.
   */
  silenceMs: 50_000,
  /** Five in ten minutes are no bad luck any more. Estimate. */
  strikesMax: 5,
  strikeMs: 600_000,
  strikersMax: 4_096,
  /** When half of all and eight at least fall silent at a time, the seed's own cable is the likelier reason. For as long as a lease. Estimate. */
  brakeShare: 0.5,
  brakePeersMin: 8,
  brakeMs: 60_000
}
