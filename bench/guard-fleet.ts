/**
 * The guard fleet (W3): the bug alone, on servers as simple as can be, so that others can build the same.
 *
 * Jobs arrive Poisson, with a mean gap of 60 s; one port serves them first in, first out, for Exp(20 s). With chance
 * 0.2 a job is altered once, at a uniform moment of its service; the alteration raises a guard on its server for
 * Exp(0.5 s), and a later one replaces the moment at which it clears. A service that ends under the guard skips the
 * close: 4,096 bytes and a handle leak.
 *
 * What a job draws is drawn when its service begins: service begins in the order of arrival, so the numbers are those
 * that a draw at submission would give, and a waiting job is no more than a count.
 */
import type { Column, Instance, OpenStreams, Slice } from "../models/contract/instance.ts";
import type { Response } from "../models/contract/responses.ts";
import type { Model } from "../models/model.ts";
import type { Schedule } from "../sim/simulation.ts";
import type { Kind, Time } from "../sim/event-list.ts";
import type { Stream } from "../sim/streams.ts";
import { exponentials, wholeMicroseconds } from "../sim/variates.ts";

const CLEAR = 0;
const ALTER = 1;
const CLOSE = 2;
const SUBMIT = 3;

const GAP_US = 60e6;
const SERVICE_US = 20e6;
const GUARD_US = 0.5e6;
const ALTERED_SHARE = 0.2;
const BYTES_OF_LEAK = 4096;

const responses = [
  { name: "jobs", unit: "1", role: "count", meaning: "jobs submitted" },
  { name: "leakedHandles", unit: "1", role: "leak", meaning: "handles that leaked" },
  { name: "leakedBytes", unit: "B", role: "leak", meaning: "bytes that leaked" },
] as const satisfies readonly Response[];

class GuardFleet implements Instance {
  readonly columns: readonly Column[];
  private readonly jobs: Float64Array;
  private readonly leakedHandles: Float64Array;
  private readonly leakedBytes: Float64Array;
  /** Jobs in service or waiting. */
  private readonly present: Int32Array;
  private readonly guardUntil: Float64Array;
  private readonly gaps: Stream;
  private readonly services: Stream;
  private readonly alterations: Stream;
  private readonly guards: Stream;

  constructor({ count }: Slice, open: OpenStreams) {
    this.jobs = new Float64Array(count);
    this.leakedHandles = new Float64Array(count);
    this.leakedBytes = new Float64Array(count);
    this.present = new Int32Array(count);
    this.guardUntil = new Float64Array(count);
    this.gaps = open("gaps", exponentials);
    this.services = open("services", exponentials);
    this.alterations = open("alterations");
    this.guards = open("guards", exponentials);
    this.columns = [this.jobs, this.leakedHandles, this.leakedBytes];
  }

  start(schedule: Schedule): void {
    for (let server = 0; server < this.present.length; server++) this.awaitJob(server, schedule);
  }

  handle(kind: Kind, server: number, _object: number, schedule: Schedule): void {
    switch (kind) {
      case SUBMIT:
        return this.submit(server, schedule);
      case ALTER:
        return this.alter(server, schedule);
      case CLOSE:
        return this.close(server, schedule);
      case CLEAR:
        // The guard is a time, so nothing needs to be done.
        return;
    }
  }

  observe(_now: Time): void {}

  check(): void {}

  private awaitJob(server: number, schedule: Schedule): void {
    schedule.after(wholeMicroseconds(this.gaps.draw(server) * GAP_US), SUBMIT, server, 0);
  }

  private submit(server: number, schedule: Schedule): void {
    this.awaitJob(server, schedule);
    this.jobs[server]++;
    if (++this.present[server] === 1) this.serve(server, schedule);
  }

  private serve(server: number, schedule: Schedule): void {
    const serviceUs = wholeMicroseconds(this.services.draw(server) * SERVICE_US);
    const u = this.alterations.draw(server);
    if (u < ALTERED_SHARE) schedule.after(Math.floor((u / ALTERED_SHARE) * serviceUs), ALTER, server, 0);
    schedule.after(serviceUs, CLOSE, server, 0);
  }

  private alter(server: number, schedule: Schedule): void {
    const guardUs = wholeMicroseconds(this.guards.draw(server) * GUARD_US);
    this.guardUntil[server] = schedule.now + guardUs;
    schedule.after(guardUs, CLEAR, server, 0);
  }

  private close(server: number, schedule: Schedule): void {
    if (this.guardUntil[server] > schedule.now) {
      this.leakedHandles[server]++;
      this.leakedBytes[server] += BYTES_OF_LEAK;
    }
    if (--this.present[server] > 0) this.serve(server, schedule);
  }
}

export const guardFleet: Model<Record<never, never>> = {
  name: "guard-fleet",
  meaning: "servers that leak when a service ends under the guard",
  kinds: ["CLEAR", "ALTER", "CLOSE", "SUBMIT"],
  parameters: {},
  responses,
  create: (_values, slice, open) => new GuardFleet(slice, open),
  keepsStateInFields: true,
};
