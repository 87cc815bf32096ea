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

  /** Instances opened [whole] - response - one per server; the columns below likewise. */
  readonly opened: Float64Array;
  /** Instances closed, by the spooler or by the end of the process. */
  readonly closed: Float64Array;
  /** Of these, closed by the end of the process. */
  readonly reclaimed: Float64Array;
  /** Instances open now that will be closed. */
  readonly live: Float64Array;
  /** Instances open now that nobody will close. */
  readonly orphaned: Float64Array;
  /** Instances ever orphaned. */
  readonly leaked: Float64Array;
  /** Of these, those that hold a DC. */
  readonly leakedWithDc: Float64Array;
  /** Live and orphaned instances that hold a DC. */
  readonly withDc: Float64Array;

  /** 1 when the server's spooler has the fix by a patch, and is not the one that the slice began with. */
  readonly patched: Uint8Array;

  private readonly spooler: Spooler;
  private server: Int32Array;
  private state: Uint8Array;
  private holdsDc: Uint8Array;
  /** Alterations inside, counted apart from the guard, which is the spooler's own to mind or to forget. */
  private inside: Int32Array;
  /** 1 once the port thread has attempted to close it. */
  private attempted: Uint8Array;
  /** Free slots are a stack. */
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

  /** OpenPrintProcessor for a job of the server; `holdsDc` is 1 when it holds a printer DC. Returns its slot. */
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

  /** An alteration leaves; true when the instance was orphaned by it, because its close had been left to it in vain. */
  leaveAlteration(instance: number): boolean {
    this.spoolerOf(this.server[instance]).leaveAlteration(this, instance);
    this.inside[instance]--;
    return this.settle(instance);
  }

  /** The port thread attempts to close; true when the instance was orphaned by it. */
  attemptClose(instance: number): boolean {
    this.attempted[instance] = 1;
    this.spoolerOf(this.server[instance]).close(this, instance);
    return this.settle(instance);
  }

  closeProcessor(instance: number): void {
    if (this.state[instance] !== OPEN) {
      throw new Error(`print processor ${instance} is not open; it is closed once, and not after it was orphaned`);
    }
    const server = this.server[instance];
    this.state[instance] = FINISHED;
    this.closed[server]++;
    this.live[server]--;
    this.withDc[server] -= this.holdsDc[instance];
  }

  /** The process of the server ends, and everything it held is given back. */
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

  /** Instances of each server in slots that are open: `live`, counted anew. */
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
   * After a verb: whom nobody will close any more is orphaned (true), and a slot that nothing can reach is free.
   * Nobody will close an instance whose close was attempted and is not pending, or is pending with nobody inside who
   * could do it.
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
