/** A container: all or nothing, and the time until a leak has emptied it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleModel } from "../../../models/kit/assemble-model.ts";
import { Container } from "../../../models/kit/container.ts";
import { exponentials } from "../../../sim/variates.ts";
import { simulated } from "../print-servers/against-theory.ts";
import { eventTime } from "../../../models/kit/measures.ts";

test("a customer who cannot get or put the whole amount gets or puts nothing", () => {
  const container = new Container(2, 5);
  assert.deepEqual(
    [container.take(1, 3), container.take(1, 3), container.put(1, 4), container.put(1, 3)],
    [true, false, false, true],
  );
  assert.deepEqual([...container.level], [5, 5]);
  assert.deepEqual([...new Container(1, 5, 2).level], [2]);
  assert.throws(() => new Container(1, 5, 6), /a container of 5 begins with 6; it holds 0 to its capacity/);
});

test("twenty connections that are lost at one a second on average are gone after 20 s on average", () => {
  const pool = assembleModel({
    name: "pool",
    meaning: "a pool that leaks",
    parameters: {},
    parts: (_values, kit) => ({
      gaps: kit.timer("LOSS", "losses", exponentials, 1e6),
      pool: kit.container(20),
      emptyUs: kit.column(NaN),
    }),
    start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
    on: {
      LOSS({ gaps, pool, emptyUs }, server, schedule) {
        pool.take(server);
        if (pool.level[server] > 0) gaps.start(server, schedule);
        else emptyUs[server] = schedule.now;
      },
    },
    responses: ({ emptyUs }) => ({ emptyUs: eventTime("the pool was empty", emptyUs) }),
  });
  const servers = 500;
  const times = [...simulated(pool, {}, 0.01, servers).column("emptyUs")];
  const mean = times.reduce((sum, us) => sum + us, 0) / servers / 1e6;
  // 99.9 % bound: an Erlang time of 20 phases of 1 s has the standard deviation sqrt(20) s.
  assert.ok(Math.abs(mean - 20) < 3.29 * Math.sqrt(20 / servers), `${mean}`);
});
