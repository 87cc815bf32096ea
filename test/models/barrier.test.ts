/** Barriers are held strictly before the end, in their order, when every event before them has been handled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runThrough, type FleetController } from "../../models/barrier.ts";
import { Digest } from "../../sim/digest.ts";
import { Simulation, type Schedule, type System } from "../../sim/simulation.ts";

/** Two subjects that tick every 10 us, and a barrier every 25 us at which subject 0 makes subject 1 tick once more. */
class Ticking implements System, FleetController {
  readonly lines: string[] = [];
  nextBarrier = 25;

  start(schedule: Schedule): void {
    for (const subject of [0, 1]) schedule.after(10, 0, subject, 0);
  }

  handle(kind: number, subject: number, object: number, schedule: Schedule): void {
    this.lines.push(`${subject} at ${schedule.now}${object === 1 ? ", ordered" : ""}`);
    if (object === 0) schedule.after(10, kind, subject, 0);
  }

  decide(schedule: Schedule): void {
    this.lines.push(`barrier at ${schedule.now}`);
    this.nextBarrier += 25;
    schedule.after(3, 0, 1, 1);
  }

  decisionsOn(): never {
    throw new Error("nobody asks");
  }
}

function linesUntil(...until: number[]): string[] {
  const ticking = new Ticking();
  const simulation = new Simulation(ticking, new Digest(0, 2));
  for (const time of until) runThrough(simulation, ticking, time);
  assert.equal(simulation.now, until.at(-1));
  return ticking.lines;
}

test("a barrier sees every event before it, and what it schedules happens after it", () => {
  assert.deepEqual(linesUntil(35), [
    "0 at 10",
    "0 at 20",
    "1 at 10",
    "1 at 20",
    "barrier at 25",
    "0 at 30",
    "1 at 28, ordered",
    "1 at 30",
  ]);
});

test("a barrier at the very end is held once the simulation continues", () => {
  assert.ok(!linesUntil(25).includes("barrier at 25"));
  assert.deepEqual(linesUntil(25, 60).sort(), linesUntil(60).sort());
});

test("without a controller it is an ordinary run", () => {
  const ticking = new Ticking();
  const simulation = new Simulation(ticking, new Digest(0, 2));
  runThrough(simulation, undefined, 100);
  assert.ok(!ticking.lines.some((line) => line.startsWith("barrier")));
});
