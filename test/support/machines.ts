import { Programs } from './program.ts'
import type { Command } from './program.ts'

/** Enters the network of a process, as whoever has made it. */
const inNetworkOf = (pid: number): string => `nsenter --target ${pid} --user --net --preserve-credentials`

/** A process that is a network: it lives until it is told to end, and when the tests die, for then its input ends. */
const network = (setUp: string): string => `unshare --net sh -c '${setUp} && echo ready && exec cat'`

/**
 * Machines with an address each, on one switch: network namespaces, which need no privileges where users may make namespaces of
 * their own. They are gone with the last process in them.
 */
export class Machines {
  readonly #networks = new Programs()
  readonly #programs = new Programs()
  #switch = 0
  readonly #pids = new Map<string, number>()

  private constructor() {}

  /** @throws with the reason, when this computer cannot do it */
  static async on(addresses: readonly string[]): Promise<Machines> {
    const machines = new Machines()
    try {
      await machines.#build(addresses)
      return machines
    } catch (error) {
      await machines[Symbol.asyncDispose]()
      throw error
    }
  }

  async #build(addresses: readonly string[]): Promise<void> {
    const user = 'unshare --user --map-root-user'
    this.#switch = await this.#network(`${user} ${network('ip link add bridge type bridge && ip link set bridge up')}`)
    for (const [index, address] of addresses.entries()) {
      const pid = await this.#network(`${inNetworkOf(this.#switch)} ${network('ip link set lo up')}`)
      this.#pids.set(address, pid)
      await this.#configure(this.#switch, `link add port${index} type veth peer name eth0 netns ${pid}`)
      await this.#configure(this.#switch, `link set port${index} master bridge up`)
      await this.#configure(pid, `address add ${address}/24 dev eth0`)
      await this.#configure(pid, 'link set eth0 up')
    }
  }

  /** Runs a line of a shell on the machine with this address. */
  run(address: string, line: string, cwd: string): Command {
    return this.#programs.run(`${inNetworkOf(this.#pid(address))} ${line}`, cwd)
  }

  /** Pulls the cable of this machine out of the switch. */
  async cut(address: string): Promise<void> {
    await this.#setPort(address, 'down')
  }

  /** Puts it back. */
  async mend(address: string): Promise<void> {
    await this.#setPort(address, 'up')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs.end()
    await this.#networks.end()
  }

  async #setPort(address: string, state: 'up' | 'down'): Promise<void> {
    await this.#configure(this.#switch, `link set port${[...this.#pids.keys()].indexOf(address)} ${state}`)
  }

  #pid(address: string): number {
    const pid = this.#pids.get(address)
    if (pid === undefined) throw new RangeError(`no machine has the address ${address}`)
    return pid
  }

  async #network(line: string): Promise<number> {
    const process = this.#networks.run(line, '/')
    await process.line(/^ready$/)
    return process.pid
  }

  async #configure(pid: number, line: string): Promise<void> {
    const ip = this.#networks.run(`${inNetworkOf(pid)} ip ${line}`, '/')
    const { code } = await ip.exited
    if (code !== 0) throw new Error(`ip ${line}: ${ip.errors.join(' ')}`)
  }
}
