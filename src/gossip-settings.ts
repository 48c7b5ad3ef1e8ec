import type { GossipSettings } from './core/gossip/settings.ts'

/** The numbers of the gossip engine, told as in settings.ts. */
export const gossip: GossipSettings = {
  /** Simulation: 12 gain 8 ms at the slowest 1 % and make the busiest peer send half as much again. */
  childrenMax: 8,
  /** Simulation, 100,000 peers: with 8 for everybody the slowest 1 % wait 185 ms and the longest way has 13 links, so 141 ms and 9. */
  linksPerChild: 4,
  /** Simulation: with 1 the slowest after a crash of the hubs wait 3.5 s, with 3 every batch costs a frame more and nothing is gained. */
  watchersWanted: 2,
  /** A parent, its watchers, and two in case of refusals. */
  announcersMax: 5,
  /** A few of the longest ways between neighbours: whoever passes it on later lies on no quick way. */
  settleMs: 150,
  /** With 8 children each, room for 2 million peers. Simulation, a million: 7 gives 10 links at most and 274 ms to the last peer, 8 gives 11 and 289. */
  hopsWanted: 7,
  /**
   * Simulation, 1,000 peers: 150 and 50 cost 1.6 and 2.0 frames for each delivery; after the hubs have died the slowest of a thousand deliveries
   * takes 408 and 323 ms, with 100 329, for floods make up for the wait. Measured, 30 peers, 20 messages a second: 50 costs a tenth more CPU than 150.
   */
  haveDelayMs: 100,
  /** Measured: a frame costs 100 us at both ends together, a name in a frame that goes anyway 1 us. */
  lazyDelayMs: 450,
  /**
   * Simulation, 20 messages a second: 20, 10 and 6 cost 1.72, 1.52 and 1.39 frames for each delivery where everybody has 8 links, and the slowest
   * 1 % wait 154, 157 and 158 ms when every fifth peer crashes, 195, 200 and 208 ms where one frame in twenty is held up.
   */
  busyRate: 6,
  /** Above the time that a busy process takes to hand over what it has received. Estimate; what is measured comes on top. */
  patienceMs: 20,
  /** A second copy of each batch halves what an overloaded network carries (measured with a fixed patience of 80 ms). */
  patienceMsMax: 2_000,
  /** Round trip around the world. The usual lag comes on top. */
  askTimeoutMs: 250,
  /** As much as a neighbour sends in one go without pushing others aside. Estimate. */
  asksMax: 64,
  /** Simulation: a single stall of 200 ms is one miss; three in a row are a peer that does not pass things on. */
  missesMax: 3,
  missSpacingMs: 500,
  /** A name's delay, its way and the asker's patience. Simulation: with 50 a boost never ends, for neighbours differ by as much. */
  lateMs: 150,
  suspicionMs: 60_000,
  /** Simulation: trying those that drop everything again each minute costs as much as the first time. An hour later much may have changed. */
  suspicionMsMax: 3_600_000,
  /**
   * A retransmission, and a round trip between continents. Simulation: of what is said in the second after all hubs have died, nine tenths
   * arrive within 600 ms with 250 and within 530 with 150. Whoever was only late is good again with its next word.
   */
  probeMs: 200,
  probeMsMax: 500,
  /**
   * Simulation: with 10 s it ends in a pause of 6 s, and where one frame in twenty is held up the slowest 1 % of what is said after it wait 560 ms
   * instead of 250. Longer, a crash costs more than it has to.
   */
  boostMs: 20_000,
  /** Simulation: with 5 % of the frames held up a peer misses one a second, and a boost halves the time of the slowest 1 %. */
  troubleMisses: 3,
  troubleMs: 5_000,
  /** Larger ones are not sent twice for a few ms. */
  boostBytesMax: 2_048,
  /**
   * Simulation, 3,000 peers without their hubs: without floods the slowest 1 % wait 577 ms, with them 265. Until trees are drawn anew a second
   * of 20 messages passes. For good, whoever marks all that it sends makes the network flood five small batches a second for each link that it has.
   */
  floods: { burst: 32, everyMs: 200, askersMax: 256 },
  /** Ten messages of somebody who speaks every 5 s. Estimate. */
  announceGapMs: 60_000,
  /**
   * A tree costs about 100 bytes a link: two a minute are below a tenth of what an origin says that speaks every 5 s. Simulation: with three the
   * slowest 1 % wait a fifth longer where one frame in twenty is held up, for there is always a reason.
   */
  redrawGapMs: 30_000,
  /** Until all who were hit have found out, and been asked and answered: what they ask for meanwhile the new tree has given them. */
  announceRestMs: 3_000,
  /** By then the next link stands, if there is one to come: a tree drawn before it would go round by other ways. Estimate. */
  announceDelayMs: [500, 1_500],
  announceDelayMsMax: 10_000,
  /** All who are hit say so at about the same moment, and the dead pass nothing on. Simulation: with 500 to 800 every message of half a second more is late. */
  announceAgainMs: [50, 200],
  /** Simulation: nothing but this makes every message arrive; once in 5 s costs under a hundredth of the traffic. */
  syncIntervalMs: 5_000,
  syncAgeMs: 2_000,
  /** About 1 KiB each, and 0.3 KiB for each batch that is kept. */
  originsMax: 16_384,
  /** The running one, the one before, and one whose messages still come in. */
  epochsMax: 3,
  /** They take 100 KiB, which needs no accounts. */
  originsFree: 64,
  /** A newcomer hears of all origins at once from each neighbour. */
  newOriginsBurst: 4_096,
  newOriginsPerMinute: 64,
  /** Two full stores: what a newcomer lacks. */
  missingMax: 8_192,
  namesMax: 512,
  /** At 64 KiB each 64 MiB; usual ones are a few hundred bytes. More than all links together may have on their way. */
  examinedMax: 1_024,
  store: {
    /** What a newcomer gets to hear: at 20 messages a second the last 3 minutes. */
    batchesMax: 4_096,
    bytesMax: 32 * 1024 * 1024,
    /** Longer than any partition that is not two networks. Estimate. */
    ageMsMax: 900_000
  }
}
