/** lab/reports/advice-words.ts: the verdict in words, of a fleet of one part and of two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceWords, money } from "../../../lab/reports/advice-words.ts";
import type { Advice, PartAdvice } from "../../../lab/studies/advice.ts";
import type { Fate, PolicyCost } from "../../../lab/studies/policy-costs.ts";
import { meanEstimate } from "../../../statistics/estimate.ts";

const about = (value: number) => meanEstimate([value - 1, value + 1]);
const outlook = {
  resource: { name: "printerDcs", label: "printer DCs" },
  level: 250,
  perDay: 0.5,
  days: 470,
  between: { lower: 400, upper: 550 },
} as Fate["outlook"];

function policy(name: string, cost: number, more: Partial<PolicyCost> = {}, kind: Fate["kind"] = "lasts"): PolicyCost {
  return {
    name,
    cost: about(cost),
    seen: about(cost / 10),
    above: { value: 0, lower: 0, upper: 5, isCandidate: cost < 20 },
    amounts: [1],
    perServerDay: [1],
    fates: [{ kind, outlook, harmed: 0, fixed: 0 }],
    drains: true,
    isSound: true,
    ...more,
  };
}

function part(name: string, policies: readonly PolicyCost[], best: number): PartAdvice {
  return {
    name,
    servers: 3,
    policies,
    asIs: 0,
    best,
    judged: { cost: policies[best].cost, saved: about(90), seen: policies[best].seen },
    breakEvens: [{ price: "staffHour", at: 90, isAbove: true, policy: 0 }],
    restarts: { rows: [], chosen: undefined, outlook, isNoticed: false },
    canaries: {
      rate: { perDay: 0, interval: { lower: 0, upper: 1 }, dispersion: 1 },
      quietServerDays: 1,
      rows: [],
      trial: "",
    },
    observation: { name: "stay", worlds: [], best, perfect: 0, week: 0, waiting: 1 },
    scale: 1,
  };
}

function advice(parts: readonly PartAdvice[]): Advice {
  const price = { name: "staffHour", amount: 40, response: "staffUs", size: 1, meaning: "" };
  return { experiment: "mine", at: "", horizonDays: 28, replications: 2, prices: [price], whole: parts[0], parts };
}

test("the verdict says what to do, for how much, and what that saves", () => {
  const { verdict, changes } = adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]), "GBP");
  assert.equal(
    verdict,
    "mine: choose weekly. It costs GBP 10 ± 12.7 a year for 3 servers, GBP 90 ± 12.7 less than wait, as things are.",
  );
  assert.deepEqual(changes, ["With staffHour above 90.0 GBP, wait would cost least."]);
});

test("advice to keep what fills up says by which day to decide again, and does not ask to be asked", () => {
  const { verdict, reasons } = adviceWords(advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]), "EUR");
  assert.match(verdict, /^mine: keep wait, as things are\. It costs EUR 10/);
  assert.ok(reasons.includes("Decide again before day 400: from then on servers may run out of printer DCs."));
});

test("where stuck jobs pile up only the simulated days are told, and no saving is", () => {
  const piling = { drains: false };
  const { verdict, costs } = adviceWords(
    advice([part("", [policy("wait", 1e7, piling), policy("weekly", 10)], 1)]),
    "EUR",
  );
  assert.match(verdict, /10 ± 12\.7 a year for 3 servers, while wait, as things are, costs more than EUR 1,000,000\.$/);
  assert.deepEqual(costs.rows[0].slice(1, 3), ["more than 1,000,000", ""]);
  assert.match(costs.rows[0][3], /the queue never drains/);
});

test("in a mixed fleet every sentence about a part names it", () => {
  const both = ["site=office", "site=depot"].map((name) => part(name, [policy("wait", 10), policy("weekly", 100)], 0));
  const { policies } = both[0];
  const fates = [...policies[0].fates, ...policies[0].fates];
  const whole = { ...both[0], name: "", policies: policies.map((one) => ({ ...one, fates })) };
  const { reasons, byPart, parts } = adviceWords({ ...advice(both), whole }, "EUR");
  assert.equal(parts!.rows.length, 2);
  assert.ok(
    reasons.some((text) =>
      text.startsWith("As things are, without a restart, the first thing to run out at site=office is"),
    ),
  );
  assert.ok(reasons.some((text) => text.startsWith("At site=depot, decide again before day 400")));
  for (const { name, restart, canaries, observation } of byPart) {
    for (const text of [restart, ...canaries, observation]) assert.ok(text.startsWith(`${name}: `), text);
  }
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
