/** A queue against an array, and the waits of the two disciplines against their closed forms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assembleModel } from "../../../models/kit/assemble-model.ts";
import { count, mean, total } from "../../../models/kit/measures.ts";
import { Queue, type Discipline } from "../../../models/kit/queue.ts";
import { exponentials } from "../../../sim/variates.ts";
import { assertAgrees } from "../print-servers/against-theory.ts";

test("a queue behaves like an array whatever is removed, and a ticket works once", () => {
  const steps = fc.array(fc.oneof(fc.constant("push"), fc.constant("shift"), fc.nat(120)), { maxLength: 400 });
  fc.assert(
    fc.property(steps, fc.boolean(), (ways, isLast) => {
      const queue = new Queue(2, isLast ? "last-come" : "first-come");
      const waiting: number[] = [];
      let came = 0;
      for (const way of ways) {
        if (way === "push") {
          assert.equal(queue.push(1, 1000 + came), came);
          waiting.push(came++);
        } else if (way === "shift") {
          if (waiting.length > 0) assert.equal(queue.shift(1), 1000 + (isLast ? waiting.pop() : waiting.shift())!);
        } else {
          const at = waiting.indexOf(way as number);
          assert.equal(queue.remove(1, way as number), at === -1 ? NaN : 1000 + (way as number));
          if (at !== -1) waiting.splice(at, 1);
        }
        assert.equal(queue.lengths[1], waiting.length);
        if (waiting.length > 0) assert.equal(queue.next(1), 1000 + waiting.at(isLast ? -1 : 0)!);
        assert.equal(
          queue.sum(1),
          waiting.reduce((sum, ticket) => sum + 1000 + ticket, 0),
        );
      }
      assert.equal(queue.lengths[0], 0);
      queue.clear(1);
      assert.equal(queue.push(1, 5), came);
      assert.equal(queue.shift(1), 5);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a queue that has used up its tickets throws and names the server", () => {
  for (const discipline of ["first-come", "last-come"] as const) {
    const queue = new Queue(2, discipline, 3);
    for (let ticket = 0; ticket < 3; ticket++) assert.equal(queue.remove(1, queue.push(1, 7)), 7);
    assert.throws(() => queue.push(1, 7), /server 1 has no tickets left for its queue/);
  }
});

/** M/M/1 at rho 1/2 with the squares of its waits: 4 s^2 first come first served, 8 s^2 last come first served. */
function queueOf(discipline: Discipline) {
  return assembleModel({
    name: "squares",
    meaning: "the squares of waits",
    parameters: {},
    parts: (_values, kit) => ({
      gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 2e6),
      services: kit.timer("DEPARTURE", "services", exponentials, 1e6),
      waiting: kit.queue(discipline),
      busy: kit.column(),
      started: kit.column(),
      squares: kit.column(),
    }),
    start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
    on: {
      DEPARTURE({ services, waiting, busy, started, squares }, server, schedule) {
        busy[server] = 0;
        if (waiting.lengths[server] === 0) return;
        const waitSeconds = (schedule.now - waiting.shift(server)) / 1e6;
        squares[server] += waitSeconds * waitSeconds;
        started[server]++;
        busy[server] = 1;
        services.start(server, schedule);
      },
      ARRIVAL({ gaps, services, waiting, busy, started }, server, schedule) {
        gaps.start(server, schedule);
        if (busy[server] === 1) {
          waiting.push(server, schedule.now);
          return;
        }
        started[server]++;
        busy[server] = 1;
        services.start(server, schedule);
      },
    },
    responses: ({ started, squares }) => ({
      started: count("services", started),
      squares: total("s2", "squares of waits", squares),
    }),
    means: { squareMean: mean("s2", "squares", "started", "mean square of a wait") },
    closedForm: (_values, name) => (name !== "squareMean" ? undefined : discipline === "first-come" ? 4 : 8),
  });
}

for (const discipline of ["first-come", "last-come"] as const) {
  test(`the second moment of the waits is that of Takacs: ${discipline}`, () => {
    assertAgrees(queueOf(discipline), {}, 1, ["squareMean"], 0.05);
  });
}
