/** A timer: its events come when its draws say, and make a Poisson process of exponentials. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Timer } from "../../../models/kit/timer.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { exponentials } from "../../../sim/variates.ts";

const SECOND_US = 1e6;

test("a timer that restarts at once is a Poisson process: mean and variance of the counts are equal", () => {
  const [count, expected] = [400, 50];
  const slice = { first: 0, count };
  const timer = new Timer(3, openStreams("timer", 0, slice)("gaps", exponentials), SECOND_US);
  const events = new Float64Array(count);
  const simulation = new Simulation(
    {
      start(schedule) {
        for (let server = 0; server < count; server++) timer.start(server, schedule);
      },
      handle(kind, server, _object, schedule) {
        assert.equal(kind, 3);
        events[server]++;
        timer.start(server, schedule);
      },
    },
    new Digest(0, count),
  );
  simulation.run(expected * SECOND_US);
  const mean = events.reduce((sum, n) => sum + n) / count;
  const variance = events.reduce((sum, n) => sum + (n - mean) * (n - mean), 0) / (count - 1);
  // 99.9 % bounds: of the mean, and of the variance, whose relative deviation is sqrt(2 / n) for nearly normal counts.
  assert.ok(Math.abs(mean - expected) < 3.29 * Math.sqrt(expected / count), `${mean}`);
  assert.ok(Math.abs(variance / expected - 1) < 3.29 * Math.sqrt(2 / count + 1 / (expected * count)), `${variance}`);
});

test("a delay is a whole number of at least one microsecond, and an event carries its object", () => {
  const constant = openStreams("timer")("constant", (numbers, from, to) => void numbers.fill(1, from, to));
  const seen: number[][] = [];
  const [short, odd] = [new Timer(0, constant, 0), new Timer(1, constant, 2.5)];
  const simulation = new Simulation({
    start(schedule) {
      short.start(0, schedule, 7);
      odd.start(0, schedule, 9);
    },
    handle: (kind, _server, object, schedule) => void seen.push([kind, object, schedule.now]),
  });
  simulation.run(SECOND_US);
  assert.deepEqual(seen, [
    [0, 7, 1],
    [1, 9, 3],
  ]);
  assert.throws(() => new Timer(0, constant, NaN), /the scale of a timer is NaN; it is >= 0 us/);
});
