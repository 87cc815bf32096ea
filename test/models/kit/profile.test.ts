/** A profile: counts in every step against the area under the rate. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Profile } from "../../../models/kit/profile.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { exponentials } from "../../../sim/variates.ts";

const STEP_US = 1e6;

test("arrivals in each step are Poisson with its rate, and none come at rate 0", () => {
  const [count, rates, rounds] = [300, [0, 4, 0.5, 0, 9], 10];
  const slice = { first: 0, count };
  const profile = new Profile(1, openStreams("day", 0, slice)("arrivals", exponentials), rates, STEP_US);
  const seen = rates.map(() => 0);
  const simulation = new Simulation(
    {
      start(schedule) {
        for (let server = 0; server < count; server++) profile.start(server, schedule);
      },
      handle(_kind, server, _object, schedule) {
        // Rounded up to whole microseconds, the last arrival of a step may come when it ends.
        seen[Math.floor((schedule.now - 1) / STEP_US) % rates.length]++;
        profile.start(server, schedule);
      },
    },
    new Digest(0, count),
  );
  simulation.run(rounds * rates.length * STEP_US);
  rates.forEach((rate, step) => {
    const expected = rate * rounds * count;
    assert.ok(
      Math.abs(seen[step] - expected) <= 3.29 * Math.sqrt(expected) + 2,
      `step ${step}: ${seen[step]}, ${expected}`,
    );
  });
});

test("invalid rates and steps are refused", () => {
  const draws = openStreams("profile")("arrivals", exponentials);
  assert.throws(
    () => new Profile(0, draws, [0, 0], 1),
    /the rates of a profile are 0, 0; they are >= 0, and not all 0/,
  );
  assert.throws(() => new Profile(0, draws, [1, NaN], 1), /are 1, NaN; /);
  assert.throws(() => new Profile(0, draws, [1], 0.5), /the step of a profile is 0.5 us; it is whole and >= 1/);
});
