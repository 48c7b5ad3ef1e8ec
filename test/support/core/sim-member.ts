import { Enrolment } from '#src/core/enrolment.ts'
import { below, seededRandom } from '#src/core/random.ts'
import { enrolment } from '#src/settings.ts'
import { network as networkId, recordOf } from './records.ts'
import type { RegistrationReply, RegistrationRequest, Renewal, View } from '#protocols/registration/messages.ts'
import type { EnrolmentOutput } from '#src/core/enrolment.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Network } from './network.ts'
import type { SimSeed } from './sim-seed.ts'
import type { Turns } from './turns.ts'

export interface MemberEvents {
  renewal(): Renewal<number>
  onView(seed: string, view: View | undefined, now: Millis): void
  onNameTaken(holder: number | undefined): void
  /** The registration at this seed stands. */
  onHeld(seed: SimSeed): void
}

/** A peer's dealings with the seeds in virtual time: the real enrolment. */
export class SimMember {
  readonly id: number
  readonly enrolment: Enrolment<number, string>
  readonly registrars = new Set<string>()
  readonly #name: string
  readonly #seeds: ReadonlyMap<string, SimSeed>
  readonly #network: Network
  readonly #turns: Turns
  readonly #random: Random
  readonly #events: MemberEvents

  constructor(
    { id, name }: { readonly id: number; readonly name: string },
    seeds: readonly SimSeed[],
    network: Network,
    turns: Turns,
    events: MemberEvents
  ) {
    this.id = id
    this.#name = name
    this.#seeds = new Map(seeds.map(seed => [seed.label, seed]))
    this.#network = network
    this.#turns = turns
    this.#events = events
    this.#random = seededRandom(network.random() * 2 ** 32)
    this.enrolment = new Enrolment([...this.#seeds.keys()], enrolment, this.#random)
    turns.drive(this.enrolment, this.#out)
  }

  enrol(): void {
    this.#turns.input(now => this.enrolment.enrol(now, this.#out))
  }

  /** Asks one of the registrars. */
  askOne(
    request: RegistrationRequest<number>,
    onReply: (seed: string, reply: RegistrationReply<number>) => void
  ): void {
    const seed = [...this.registrars][below(this.#random, this.registrars.size)]
    if (seed !== undefined)
      this.#exchange(
        seed,
        request,
        reply => onReply(seed, reply),
        () => {}
      )
  }

  readonly #out: EnrolmentOutput<number, string> = {
    reserve: seed =>
      this.#attempt(seed, { type: 'reserve', name: this.#name, network: networkId }, (_, now) =>
        this.enrolment.reserved(seed, now, this.#out)
      ),
    register: seed => {
      this.#attempt(seed, { type: 'register', record: recordOf(this.id, this.#name) }, (reply, now) => {
        this.enrolment.registered(seed, now, this.#out)
        if (reply.type === 'registered') this.#events.onView(seed, reply.view, now)
      })
    },
    renew: seed =>
      this.#attempt(seed, { type: 'renew', ...this.#events.renewal() }, (reply, now) => {
        this.enrolment.renewed(seed, now)
        if (reply.type === 'registered') this.#events.onView(seed, reply.view, now)
      }),
    leave: seed =>
      this.#exchange(
        seed,
        { type: 'leave' },
        () => {},
        () => {}
      ),
    held: seed => {
      this.registrars.add(seed)
      this.#events.onHeld(this.#seeds.get(seed) as SimSeed)
    },
    lost: seed => {
      this.registrars.delete(seed)
      this.#turns.input(now => this.#events.onView(seed, undefined, now))
    },
    registered: () => {},
    degraded: () => {},
    nameTaken: holder => this.#events.onNameTaken(holder)
  }

  #attempt(
    seed: string,
    request: RegistrationRequest<number>,
    onReply: (reply: RegistrationReply<number>, now: Millis) => void
  ): void {
    this.#exchange(seed, request, onReply, now => this.enrolment.failed(seed, 'silent', now, this.#out))
  }

  #exchange(
    label: string,
    request: RegistrationRequest<number>,
    onReply: (reply: RegistrationReply<number>, now: Millis) => void,
    onFailure: (now: Millis) => void
  ): void {
    const seed = this.#seeds.get(label) as SimSeed
    this.#network.exchange(
      () => seed.presence,
      () => seed.answer(this.id, request),
      reply =>
        this.#turns.input(now => {
          if (typeof reply === 'string') onFailure(now)
          else if (reply.type === 'refused') this.enrolment.refused(label, reply.reason, reply.holder, now, this.#out)
          else onReply(reply, now)
        })
    )
  }
}
