/**
 * The print processor instances of a slice, and their ledger.
 *
 * An instance has a slot from its open until it is closed or orphaned and no alteration is inside it any more. An
 * orphan needs no slot: nothing can reach it, so it is only counted, until its process ends.
 *
 * Ledger, per server, at all times: opened = closed + live + orphaned.
 */
import { grown } from "../../sim/grown.ts";
import { fixed } from "./spoolers/fixed.ts";
import type { ProcessorColumns, Spooler } from "./spoolers/spooler.ts";

const FREE = 0;
const OPEN = 1;
const FINISHED = 2;

export class PrintProcessors implements ProcessorColumns {
  guard: Int32Array;
  closePending: Uint8Array;

  /** Instances opened [1] - response - one per server; the columns below likewise. */
  readonly opened: Float64Array;
  /** Instances closed, by the spooler or by the end of the process. */
  readonly closed: Float64Array;
  /** Of these, closed by the end of the process. */
  readonly reclaimed: Float64Array;
  /** Open instances that will be closed. */
  readonly live: Float64Array;
  /** Open instances that will never be closed. */
  readonly orphaned: Float64Array;
  /** Instances orphaned so far, including those that a process has released since. */
  readonly leaked: Float64Array;
  /** Of these, those that hold a DC. */
  readonly leakedWithDc: Float64Array;
  /** Live and orphaned instances that hold a DC. */
  readonly withDc: Float64Array;

  /** 1 if a patch has fixed the server's spooler, which then differs from the spooler of the scenario. */
  readonly patched: Uint8Array;

  private readonly spooler: Spooler;
  private server: Int32Array;
  private state: Uint8Array;
  private holdsDc: Uint8Array;
  /** The number of alterations inside, counted independently of the guard, which the spooler may ignore. */
  private inside: Int32Array;
  /** 1 once the port thread has attempted to close it. */
  private attempted: Uint8Array;
  /** A stack of free slots. */
  private free: Int32Array;
  private freeCount: number;

  constructor(spooler: Spooler, count: number, capacity: number) {
    this.spooler = spooler;
    this.opened = new Float64Array(count);
    this.closed = new Float64Array(count);
    this.reclaimed = new Float64Array(count);
    this.live = new Float64Array(count);
    this.orphaned = new Float64Array(count);
    this.leaked = new Float64Array(count);
    this.leakedWithDc = new Float64Array(count);
    this.withDc = new Float64Array(count);
    this.patched = new Uint8Array(count);
    this.guard = new Int32Array(capacity);
    this.closePending = new Uint8Array(capacity);
    this.server = new Int32Array(capacity);
    this.state = new Uint8Array(capacity);
    this.holdsDc = new Uint8Array(capacity);
    this.inside = new Int32Array(capacity);
    this.attempted = new Uint8Array(capacity);
    this.free = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.freeCount = capacity;
  }

  /** OpenPrintProcessor for a job of the server; `holdsDc` is 1 if it holds a printer DC. Returns the slot. */
  open(server: number, holdsDc: 0 | 1): number {
    if (this.freeCount === 0) this.grow();
    const instance = this.free[--this.freeCount];
    this.server[instance] = server;
    this.state[instance] = OPEN;
    this.holdsDc[instance] = holdsDc;
    this.inside[instance] = 0;
    this.attempted[instance] = 0;
    this.opened[server]++;
    this.live[server]++;
    this.withDc[server] += holdsDc;
    this.spoolerOf(server).open(this, instance);
    return instance;
  }

  enterAlteration(instance: number): void {
    this.inside[instance]++;
    this.spoolerOf(this.server[instance]).enterAlteration(this, instance);
  }

  /** An alteration leaves. Returns true if that orphaned the instance, because a pending close did not happen. */
  leaveAlteration(instance: number): boolean {
    this.spoolerOf(this.server[instance]).leaveAlteration(this, instance);
    this.inside[instance]--;
    return this.settle(instance);
  }

  /** The port thread attempts to close the instance. Returns true if that orphaned it. */
  attemptClose(instance: number): boolean {
    this.attempted[instance] = 1;
    this.spoolerOf(this.server[instance]).close(this, instance);
    return this.settle(instance);
  }

  closeProcessor(instance: number): void {
    if (this.state[instance] !== OPEN) {
      throw new Error(`print processor ${instance} is not open; only an open one can be closed`);
    }
    const server = this.server[instance];
    this.state[instance] = FINISHED;
    this.closed[server]++;
    this.live[server]--;
    this.withDc[server] -= this.holdsDc[instance];
  }

  /** The process of the server ends and releases everything. */
  endProcess(server: number): void {
    const held = this.live[server] + this.orphaned[server];
    this.closed[server] += held;
    this.reclaimed[server] += held;
    this.live[server] = 0;
    this.orphaned[server] = 0;
    this.withDc[server] = 0;
    for (let instance = 0; instance < this.state.length; instance++) {
      if (this.state[instance] !== FREE && this.server[instance] === server) this.release(instance);
    }
  }

  /** Counts the open instances of each server in the slots, to check `live`. */
  countLive(): Int32Array {
    const live = new Int32Array(this.live.length);
    for (let instance = 0; instance < this.state.length; instance++) {
      if (this.state[instance] === OPEN) live[this.server[instance]]++;
    }
    return live;
  }

  private spoolerOf(server: number): Spooler {
    return this.patched[server] === 1 ? fixed : this.spooler;
  }

  private orphan(instance: number): void {
    const server = this.server[instance];
    this.state[instance] = FINISHED;
    this.live[server]--;
    this.orphaned[server]++;
    this.leaked[server]++;
    this.leakedWithDc[server] += this.holdsDc[instance];
  }

  /**
   * After a verb: orphans an abandoned instance (returns true), and releases a slot that nothing refers to. An instance
   * is abandoned if its close was attempted and is not pending, or is pending without an alteration inside that could
   * do it.
   */
  private settle(instance: number): boolean {
    const abandoned =
      this.state[instance] === OPEN &&
      this.attempted[instance] === 1 &&
      (this.closePending[instance] === 0 || this.inside[instance] === 0);
    if (abandoned) this.orphan(instance);
    if (this.state[instance] === FINISHED && this.inside[instance] === 0) this.release(instance);
    return abandoned;
  }

  private release(instance: number): void {
    this.state[instance] = FREE;
    this.free[this.freeCount++] = instance;
  }

  private grow(): void {
    const from = this.state.length;
    const to = 2 * from;
    this.guard = grown(this.guard, to);
    this.closePending = grown(this.closePending, to);
    this.server = grown(this.server, to);
    this.state = grown(this.state, to);
    this.holdsDc = grown(this.holdsDc, to);
    this.inside = grown(this.inside, to);
    this.attempted = grown(this.attempted, to);
    this.free = grown(this.free, to);
    for (let slot = to - 1; slot >= from; slot--) this.free[this.freeCount++] = slot;
  }
}
