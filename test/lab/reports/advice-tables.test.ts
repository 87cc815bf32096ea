/** lab/reports/advice-tables.ts: the costs of policies and restart intervals in tables, and their legends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { meanEstimate } from "../../../statistics/estimate.ts";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { advice, part, policy } from "../../cases/made-up-advice.ts";

test("the distance from the cheapest other policy is read as more or less", () => {
  const ends = [
    [0, 90],
    [-12, 0],
    [-12, 90],
    [0, 0],
  ];
  const policies = ends.map(([lower = 0, upper = 0], i) => {
    return policy(`policy ${i}`, 10, { above: { value: upper, lower, upper, isCandidate: lower < 0 } });
  });
  assert.deepEqual(
    adviceWords(advice([part("", policies, 1)]), "EUR").costs.rows.map((row) => row[2]),
    ["more, by up to 90", "less, by up to 12", "12 less to 90 more", "equal"],
  );
});

test("policies whose year is not known have no distance from the cheapest", () => {
  const above = { value: 90, lower: 0, upper: 90, isCandidate: false };
  const of = (isSound: boolean) => {
    const policies = [policy("wait", 9, { above, isSound }), policy("waves", 10, { above, isSound })];
    return adviceWords(advice([part("", policies, 0)]), "EUR").costs.rows.map((row) => row[2]);
  };
  assert.deepEqual(of(true), ["more, by up to 90", "more, by up to 90"]);
  assert.deepEqual(of(false), ["", ""]);
});

test("the table of costs says what each policy sets", () => {
  const { costs } = adviceWords(advice([part("", [policy("wait", 9), policy("fixed", 8)], 1)]), "EUR");
  assert.equal(
    costs.legend[0],
    "policy: what it sets is in brackets, and spoolsim describe explains each setting: wait (restartEveryHours 0), fixed (servers 3, spooler fixed)",
  );
});

test("a cost whose interval would reach below 0 has ends instead of ±", () => {
  const { verdict, costs } = adviceWords(advice([part("", [policy("wait", 40), policy("weekly", 10)], 1)]), "EUR");
  assert.match(verdict, /It costs EUR 10 \(0 \.\. 22\.7\) a year/);
  assert.deepEqual(
    costs.rows.map((row) => row[1]),
    ["40 ± 12.7", "10 (0 .. 22.7)"],
  );
});

test("harm done, restarted and fixed have a legend where they occur", () => {
  const kinds = (["lasts", "restarted", "fixed"] as const).map((kind) => policy(kind, 10, {}, kind));
  const harmed = kinds[2]!.fates.map((fate) => ({ ...fate, harmed: 2 }));
  const of = (last: object) => {
    return adviceWords(advice([part("", [...kinds.slice(0, 2), { ...kinds[2]!, ...last }], 1)]), "EUR").costs;
  };
  const { rows, legend } = of({ fates: harmed });
  assert.equal(rows[2]![3], "fixed, harm done");
  assert.match(
    legend.join(" "),
    /runs out of: .*; restarted: nothing .*; fixed: nothing .*; harm done: on some servers, it falls/,
  );
  assert.doesNotMatch(of({}).legend.join(" "), /harm done|unless/);
  const late = policy("late", 10, {}, "restarted").fates.map((fate) => ({ ...fate, ranOut: "some" as const }));
  assert.match(of({ fates: late }).legend.join(" "), /restarted: nothing runs out, unless the cell says so, because /);
});

test("a restart or fix that comes too late for servers says so, and is not said to prevent it", () => {
  const of = (kind: "restarted" | "fixed", ranOut: "may" | "some" | "all") => {
    const fates = policy("", 0).fates.map((fate) => ({ ...fate, kind, ranOut }));
    const { rows, legend } = adviceWords(
      advice([part("", [policy("wait", 100), policy("late", 10, { fates })], 1)]),
      "EUR",
    ).costs;
    assert.doesNotMatch(legend.join(" "), /nothing runs out/);
    return rows[1]![3];
  };
  assert.equal(of("restarted", "some"), "restarted; some servers run out of printer DCs before");
  assert.equal(of("restarted", "may"), "restarted; servers may run out of printer DCs before");
  assert.equal(of("restarted", "all"), "restarted after running out of printer DCs");
  assert.equal(of("fixed", "some"), "fixed; some servers run out of printer DCs before");
});

test("a cost that varies only by rounding has no interval", () => {
  const of = (halfWidth: number) => {
    const cost = { ...meanEstimate([1.16, 1.16]), halfWidth };
    return adviceWords(advice([part("", [policy("wait", 10, { cost }), policy("weekly", 9)], 1)]), "EUR").costs
      .rows[0]![1]!;
  };
  assert.deepEqual([1.98e-16, 0.5].map(of), ["1.16", "1.16 ± 0.5"]);
});
