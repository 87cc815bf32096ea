/** lab/reports/advice-words.ts: the verdict in words, of a fleet of one part and of two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { money } from "../../../lab/reports/advice-format.ts";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { dayOfText } from "../../../lab/calendar.ts";
import { meanEstimate, withoutInterval } from "../../../statistics/estimate.ts";
import { advice, part, policy } from "../../cases/made-up-advice.ts";

test("the verdict gives the action, its cost and its saving", () => {
  const { verdict, changes } = adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]), "GBP");
  assert.equal(
    verdict,
    "For mine, choose weekly. It costs GBP 10 ± 12.7 a year for 3 servers, GBP 90 ± 12.7 less than wait, the present policy.",
  );
  assert.deepEqual(changes, ["If an hour of staff costs more than GBP 90.0 (staffHour), wait would cost least."]);
});

test("policies whose restarts follow no calendar are said to lack half a restart", () => {
  const fates = policy("", 0).fates.map((fate) => ({ ...fate, kind: "restarted" as const, isUnscheduled: true }));
  const basisOf = (more: object) => {
    return adviceWords(advice([part("", [policy("wait", 100), policy("gauge", 10, more)], 1)]), "GBP").basis.join(" ");
  };
  assert.match(
    basisOf({ fates }),
    /The restarts of gauge follow no calendar, .* half a restart is missing from its costs\./,
  );
  assert.doesNotMatch(basisOf({}), /calendar/);
});

test("advice to keep a policy that fills up gives the day to decide again, and does not repeat itself", () => {
  const { verdict, reasons } = adviceWords(advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]), "EUR");
  assert.match(verdict, /^For mine, keep wait, the present policy\. It costs EUR 10/);
  assert.ok(reasons.includes("Decide again before day 400: from then on servers may run out of printer DCs."));
});

test("where stuck jobs accumulate, the advice gives the simulated days only and no saving", () => {
  const piling = { drains: false };
  const of = (cost: number) =>
    adviceWords(advice([part("", [policy("wait", cost, piling), policy("weekly", 10)], 1)]), "EUR");
  const { verdict, costs } = of(5000);
  assert.match(verdict, /10 ± 12\.7 a year for 3 servers; wait, the present policy, costs more than EUR 487\.$/);
  assert.deepEqual(costs.rows[0]!.slice(1, 3), ["more than 487", "0 .. 5"]);
  assert.match(costs.rows[0]![3]!, /the queue never drains/);
  assert.match(of(1e9).verdict, /costs more than EUR 1,000\.$/);
});

test("advice from worlds that do not match the counters says so first", () => {
  const fleet = advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]);
  const { verdict, reasons } = adviceWords({ ...fleet, unlike: "handles, rise" }, "EUR");
  assert.match(
    verdict,
    /^Do not rely on this yet, because the worlds do not look like the counters: for mine, choose /,
  );
  assert.match(reasons[0]!, /^The worlds do not show the observed handles, rise\. /);
});

test("in a mixed fleet every sentence about a part names it", () => {
  const both = ["site=office", "site=depot"].map((name) => part(name, [policy("wait", 10), policy("weekly", 100)], 0));
  const { policies } = both[0];
  const fates = [...policies[0].fates, ...policies[0].fates];
  const whole = { ...both[0], name: "", policies: policies.map((one) => ({ ...one, fates })) };
  const { reasons, byPart, parts, costs } = adviceWords({ ...advice(both), whole }, "EUR");
  assert.equal(parts!.rows.length, 2);
  assert.match(costs.rows[0]![3]!, /^site=office: printer DCs, day 470 .*; site=depot: printer DCs, day 470/);
  assert.ok(
    reasons.some((text) =>
      text.startsWith("Under the present policy, without a restart, the first resource to run out at site=office is"),
    ),
  );
  assert.ok(reasons.some((text) => text.startsWith("At site=depot, decide again before day 400")));
  for (const { name, restart, canaries, observation } of byPart) {
    for (const text of [restart, ...canaries, observation]) assert.ok(text.startsWith(`${name}: `), text);
  }
});

test("days have dates if the start of the servers is known", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const { reasons, costs } = adviceWords({ ...fleet, startDay: dayOfText("2026-03-02")! }, "EUR");
  assert.ok(reasons.includes("Decide again before 2027-04-06: from then on servers may run out of printer DCs."));
  assert.match(reasons.join(" "), /on about 2027-06-15 \(95 % of servers: 2027-04-06 to 2027-09-03\)/);
  assert.equal(costs.rows[0]![3], "printer DCs, 2027-06-15 (2027-04-06 .. 2027-09-03)");
  assert.match(adviceWords(fleet, "EUR").reasons.join(" "), /on about day 470 \(95 % of servers: day 400 to 550\)/);
});

test("counters give the sentence of their report, hidden ones are named, and no world has a late restart", () => {
  const parts = [part("", [policy("wait", 10), policy("weekly", 100)], 0)];
  const late = { ...parts[0]!.restarts.outlook!, between: { lower: 450, upper: 500 } };
  const chosen = { hours: 24, by: "formula" as const, value: 1, lower: 1, upper: 1 };
  const firstOut = "Of the logged resources, handles of PRN1 run out first: about 2026-10-20.";
  const fleet = advice([{ ...parts[0]!, restarts: { rows: [], chosen, outlook: late, isNoticed: false } }]);
  const { reasons, byPart } = adviceWords({ ...fleet, firstOut }, "EUR");
  assert.ok(reasons.includes(firstOut));
  assert.match(reasons.join(" "), /is printer DCs \(limit 250\), which the logs do not contain: at 0\.500 a day/);
  assert.match(byPart[0]!.restart, /A restart before day 400 is early enough\./);
  assert.doesNotMatch(adviceWords(fleet, "EUR").reasons.join(" "), /logs do not contain/);
});

test("a fix pays for itself when its costs fall below those of the present policy", () => {
  // 40 in the 28 days in which it is installed and nothing after them, against 365 a year.
  const fix = policy("hotfix", 40, { seen: meanEstimate([40, 40]) }, "fixed");
  const fleet = advice([part("", [policy("wait", 365), fix], 1)]);
  assert.match(
    adviceWords(fleet, "EUR").reasons.join(" "),
    /hotfix pays for itself by about day 40\. This day has no interval/,
  );
  const dated = adviceWords({ ...fleet, startDay: dayOfText("2026-03-02")! }, "EUR");
  assert.match(dated.reasons.join(" "), /hotfix pays for itself by about 2026-04-1[01]\./);
});

test("few replications are reported to make intervals too narrow, and sixteen are not", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const basisOf = (replications: number) => adviceWords({ ...fleet, replications }, "EUR").basis.join(" ");
  assert.match(
    basisOf(4),
    /With 4 replications, the intervals of costs and savings contain the true value in some 88 to 93 % of/,
  );
  assert.match(basisOf(8), /With 8 replications, .* in some 92 to 94 % of cases; with sixteen, in close to 95 %/);
  assert.doesNotMatch(basisOf(16), /the true value/);
});

test("a sum that rests on few servers has a mark and no interval, and the verdict says so if it is the best", () => {
  const rare = { isRare: true, cost: withoutInterval(meanEstimate([9, 11])) };
  const of = (best: number) =>
    adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10, rare)], best)]), "EUR");
  const { costs, reasons } = of(1);
  assert.match(costs.rows[1]!.slice(1, 3).join(), /^10 \u2021,\u2021$/);
  assert.ok(!costs.rows[0]![1]!.includes("\u2021"));
  assert.equal(costs.rows[0]![2], "\u2021");
  assert.match(costs.legend.join(), /\u2021 few or none of the simulated servers ran out/);
  assert.match(reasons.join(" "), /ran out of a resource with weekly, so no interval of its cost is known/);
  assert.doesNotMatch(of(0).reasons.join(" "), /no interval of its cost/);
});

test("a policy without costs before the horizon that runs out after it has no sum", () => {
  const late = { isSound: false, seen: meanEstimate([0, 0]) };
  const { costs } = adviceWords(
    advice([part("", [policy("wait", 0, late, "runs-out"), policy("weekly", 10)], 1)]),
    "EUR",
  );
  assert.equal(costs.rows[0]![1], "not known");
});

test("policies that only postpone the decision share a sentence, and one of which too little was simulated has its own", () => {
  const late = { isSound: false };
  const unseen = policy("monthly", 5, late, "unseen");
  const fates = unseen.fates.map((fate) => ({ ...fate, daysNeeded: 31 }));
  const policies = [
    policy("wait", 0, late, "runs-out"),
    policy("complaint", 0, late, "runs-out"),
    policy("weekly", 10),
    { ...unseen, fates },
  ];
  const { verdict, reasons, costs } = adviceWords(advice([part("", policies, 2)]), "EUR");
  assert.match(verdict, /; what wait, the present policy, costs in a year is not known\.$/);
  assert.equal(reasons.filter((text) => text.includes("a resource runs out too late")).length, 1);
  assert.ok(
    reasons.some((text) => text.startsWith("With wait or complaint, a resource runs out too late for the 28 days")),
  );
  assert.ok(
    reasons.includes(
      "The 28 days simulated contain no whole restart interval of monthly, counted from the start or from the last " +
        "change, so the cost of a year is not known. Simulate at least 31 days (--set horizonDays=31).",
    ),
  );
  assert.equal(costs.rows[3]![3], "too few days simulated");
});

test("a cost that varies only by rounding has no interval", () => {
  const of = (halfWidth: number) => {
    const cost = { ...meanEstimate([1.16, 1.16]), halfWidth };
    return adviceWords(advice([part("", [policy("wait", 10, { cost }), policy("weekly", 9)], 1)]), "EUR").costs
      .rows[0]![1]!;
  };
  assert.deepEqual([1.98e-16, 0.5].map(of), ["1.16", "1.16 ± 0.5"]);
});

test("money has three digits and no exponent", () => {
  assert.deepEqual([1.98e-16, 0.206, 12.345, 1234.5, 2_090_111].map(money), [
    "0",
    "0.21",
    "12.3",
    "1,230",
    "2,090,000",
  ]);
});

test("the advice says for which servers it is", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const { reasons } = adviceWords({ ...fleet, settings: { site: "office", jobsPerDay: 2000 } }, "EUR");
  assert.equal(reasons.at(-1), "The verdict is for servers with site office, jobsPerDay 2000.");
});

test("where the verdict is not the cheapest over all values of the unknown parameter, the advice says why", () => {
  const one = part("", [policy("wait", 10), policy("weekly", 100)], 0);
  const world = { value: 7, setting: { stay: 7 }, weight: 1, leaks: 1, outlook: undefined, drains: true, seen: 1 };
  const of = (excluded: number[], name = "stay") =>
    adviceWords(
      advice([
        {
          ...one,
          observation: { ...one.observation, name, worlds: [{ ...world, best: 1, cost: 5 }], best: 1, excluded },
        },
      ]),
      "EUR",
    ).byPart[0]!;
  assert.match(
    of([]).observation,
    / decide now; on average over these values, weekly costs least\. The verdict names wait, because it is for the assumed stay; on average over these values, weekly costs least\.$/,
  );
  assert.match(
    of([0]).observation,
    /\. The verdict names wait, because it is for the assumed stay; with wait a resource runs out after the simulated days at another of these values, so it is left out here, and weekly is the cheapest of the others\.$/,
  );
  assert.equal(
    of([]).worlds.legend[1],
    "cheapest: if this value of stay is the true one; the verdict is for the assumed value",
  );
  const same = adviceWords(advice([one]), "EUR").byPart[0]!;
  assert.doesNotMatch(same.observation, /The verdict names/);
  assert.equal(same.worlds.legend.length, 1);
});
