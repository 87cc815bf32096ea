/** Listed times: every server gets the list, with the indexes of its times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ListedTimes } from "../../../models/kit/listed-times.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";

test("the events are those of the list, for every server", () => {
  const times = [0, 5, 5, 12];
  const arrivals = new ListedTimes(0, times, 2);
  const seen: number[][] = [[], []];
  const simulation = new Simulation(
    {
      start: (schedule) => [0, 1].forEach((server) => arrivals.start(server, schedule)),
      handle(_kind, server, index, schedule) {
        assert.equal(schedule.now, times[index]);
        seen[server].push(index);
        arrivals.start(server, schedule);
      },
    },
    new Digest(0, 2),
  );
  simulation.run(100);
  assert.deepEqual(seen, [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
  ]);
});

test("a list of times that decreases, or falls between two microseconds, is refused with its index", () => {
  assert.throws(() => new ListedTimes(0, [3, 2], 1), /time 1 of the list is 2; times are whole us, >= 0 and ascending/);
  assert.throws(() => new ListedTimes(0, [0.5], 1), /time 0 of the list is 0.5; /);
});
