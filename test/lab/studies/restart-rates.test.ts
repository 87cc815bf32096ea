/** lab/studies/restart-rates.ts: restarts that follow no calendar, by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { policyYear } from "../../../lab/studies/policy-costs.ts";

import { itemAt } from "../../../lab/lists.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { DAY_US, upkeep, model, prices, valuesOf, yearOf } from "../../cases/year-by-hand.ts";

test("an unfinished interval of restarts without a calendar counts as the share that its leaks are of a finished one", () => {
  // A leak a day, and a restart on day 6.5, between two samples: in 10 days, 10 / 6.5 intervals and not one.
  const starts = (day: number) => Number(day >= 7);
  const { costs, fate } = yearOf({ staff: starts, starts, units: (day) => day });
  assert.deepEqual([fate.kind, fate.isUnscheduled], ["restarted", false]);
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (1 + 355 / 6.5)) < 1e-9, costs.join());
  // Leaks are no clock if there are none, or if intervals have one, three and one of them.
  assert.equal(yearOf({ staff: starts, starts }).fate.isUnscheduled, true);
  const uneven = (day: number) => Number(day >= 1) + Number(day >= 9) + Number(day >= 10);
  assert.equal(yearOf({ staff: uneven, starts: uneven, units: (day) => day }).fate.isUnscheduled, true);
});

test("a restart that an earlier one causes is a part of its interval", () => {
  // A leak a day, a restart on day 4.5, and on day 5.5 another one, because the service hung again.
  const starts = (day: number) => Number(day >= 5) + Number(day >= 6);
  const columns = { staff: starts, starts, units: (day: number) => day };
  assert.equal(yearOf(columns).fate.isUnscheduled, true, "4.5 leaks and one are no intervals of equal leaks");
  const lingering = { ...upkeep, restart: { ...upkeep.restart, lingers: () => true } };
  const { costs, fate } = yearOf(columns, 0, lingering);
  assert.equal(fate.isUnscheduled, false);
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (2 + (355 * 2) / 5.5)) < 1e-9, costs.join());
});

test("the cost of restarts after which few servers hang again by chance has no interval", () => {
  const isRare = (hangs: number, days = 30) => {
    const hanging = { ...upkeep, restart: { ...upkeep.restart, lingers: () => true, relapses: () => "hangs" } };
    const starts = (day: number) => Math.ceil(day) - 1;
    return yearOf({ starts, staff: starts, hangs: (day) => (hangs * day) / days }, 1, hanging, days).isRare;
  };
  assert.deepEqual(
    [0, 9, 10, 29].map((hangs) => isRare(hangs)),
    [true, true, false, false],
  );
  assert.equal(isRare(8, 9), false, "nearly every restart");
  assert.equal(yearOf({}, 1).isRare, false, "restarts without later consequences");
});

test("after a change of a server, the intervals and leaks after it count", () => {
  // A leak a day, a change with a restart on day 1.5, and a restart by no calendar on day 6.5: every five leaks.
  const starts = (day: number) => Number(day >= 2) + Number(day >= 7);
  const columns = { staff: starts, starts, visits: (day: number) => Number(day >= 2), units: (day: number) => day };
  const { costs, fate } = yearOf(columns);
  assert.deepEqual([fate.kind, fate.isUnscheduled], ["restarted", false]);
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (2 + 355 / 5)) < 1e-9, costs.join());
});

test("restarts of some of the servers count by the leaks of all, if nothing runs out on the others", () => {
  // Two servers have a leak in two days. One is restarted after 4 leaks; the other has had 3 by the end.
  const leaks = (sample: number) => ((sample < 0 ? 10 : sample + 1) * 4) / 8;
  const starts = (sample: number) => Number((sample < 0 ? 10 : sample + 1) > 8);
  const servers = (_: number, name: string, sample = -1) => {
    if (name.endsWith("Us")) return Float64Array.of(NaN, NaN);
    if (name === "units") return Float64Array.of(leaks(sample), leaks(sample) * 0.6);
    return Float64Array.of(name === "starts" || name === "staff" ? starts(sample) : 0, 0);
  };
  const totals = (point: number, name: string, sample = -1) =>
    Float64Array.of(servers(point, name, sample).reduce((all, one) => all + (one >= 0 ? one : 0), 0));
  const times = () => Array.from({ length: 10 }, (_, day) => (day + 1) * DAY_US);
  const lasting = { ...model, limits: () => [{ response: "level", eventTime: "fullUs", level: 4000 }] };
  const point = { scenario: { servers: 2, horizonDays: 10, parameters: {} }, resolved: { model: lasting, values: 0 } };
  const plan = { points: [point], experiment: { replications: 1 } } as unknown as Plan;
  const { costs, fate } = policyYear(plan, valuesOf({ times, servers, totals }), 0, { prices, upkeep, scale: 1 });
  assert.equal(fate.kind, "lasts");
  // The restart falls between days 8 and 9, at 4.25 leaks; there are 5 + 3 leaks in all.
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (1 + ((8 / 4.25) * 355) / 10)) < 1e-9, costs.join());
});

test("the cost of restarts that follow no calendar is rare if fewer than ten of them happened", () => {
  const of = (starts: (day: number) => number, every = 0) =>
    yearOf({ staff: starts, starts, units: (day) => day }, every).isRare;
  assert.equal(
    of((day) => Number(day >= 7)),
    true,
  );
  assert.equal(
    of((day) => Math.max(0, day - 1)),
    true,
  );
  assert.equal(
    of((day) => day),
    false,
  );
  assert.equal(
    of((day) => Math.ceil(day / 5) - 1, 5),
    false,
    "by the calendar",
  );
});

test("restarts that undo or repair a change return no leak later", () => {
  // One for the change, one to restore what it harmed, one to undo it.
  const starts = (day: number) => Math.min(3, day);
  const columns = { starts, visits: () => 1, visitStarts: starts, units: (day: number) => day };
  const counting = { ...upkeep, restart: { ...upkeep.restart, forChanges: "visitStarts" } };
  assert.equal(yearOf(columns).fate.kind, "restarted");
  assert.equal(yearOf(columns, 0, counting).fate.kind, "runs-out");
});
