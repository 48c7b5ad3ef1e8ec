import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { sample } from '#src/core/random.ts'
import { clock } from './clock.ts'
import type { Drive } from './orders.ts'
import type { Stage } from './stage.ts'

type Of<Kind extends Drive['kind']> = Extract<Drive, { kind: Kind }>

/** Publishes what this process has to. Resolves with the last one. */
export async function drive(stage: Stage): Promise<void> {
  if (stage.publishers.length === 0) return
  const how = stage.phase.drive
  switch (how.kind) {
    case 'closed':
      return closedLoop(stage, how)
    case 'paced':
      return paced(stage, how)
    case 'each':
      return each(stage, how)
    case 'flat-out':
      return flatOut(stage, how)
  }
}

/**
 * Keeps as many messages on their way as it may. It refills once a turn of the event loop, not from within a delivery, so what became
 * free together is published together.
 */
async function closedLoop(stage: Stage, { inFlight, burst, ms }: Of<'closed'>): Promise<void> {
  const room = Math.max(1, Math.round(inFlight * stage.share))
  const atOnce = Math.min(burst, room)
  const end = clock() + ms
  let wake = (): void => {}
  stage.onRoom = () => wake()
  const timeUp = setTimeout(() => wake(), ms)
  while (clock() < end) {
    while (room - stage.onTheirWay >= atOnce) {
      const publisher = stage.anyPublisher()
      for (let count = 0; count < atOnce; count++) void stage.publish(publisher)
    }
    await new Promise<void>(resolve => {
      wake = resolve
    })
    await turn()
  }
  clearTimeout(timeUp)
}

async function paced(stage: Stage, { perSecond, ms }: Of<'paced'>): Promise<void> {
  const gap = 1_000 / (perSecond * stage.share)
  const start = clock() + stage.random() * gap
  for (let at = start; at < start + ms; at += gap) {
    await until(at)
    void stage.publish(stage.anyPublisher(), at)
  }
}

async function each(stage: Stage, { perSecond }: Of<'each'>): Promise<void> {
  const gap = 1_000 / (perSecond * stage.share)
  let at = clock() + stage.random() * gap
  for (const publisher of sample(stage.random, stage.publishers, Infinity)) {
    await until(at)
    void stage.publish(publisher, at)
    at += gap
  }
}

async function flatOut(stage: Stage, { messages, ms }: Of<'flat-out'>): Promise<void> {
  const end = clock() + ms
  let left = Math.round(messages * stage.share)
  await Promise.all(
    stage.publishers.map(async publisher => {
      while (left > 0 && clock() < end) {
        left--
        const refused = stage.refused
        await stage.publish(publisher)
        // Whoever is refused comes again, but not before the network had a chance to move.
        if (stage.refused > refused) {
          left++
          await turn()
        }
      }
    })
  )
}

async function until(at: number): Promise<void> {
  const wait = at - clock()
  if (wait > 0) await delay(wait)
}
