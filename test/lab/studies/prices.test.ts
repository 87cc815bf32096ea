/** Prices: what is said of them, and the prices at which another policy is the cheapest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { breakEvens, pricesOf } from "../../../lab/studies/prices.ts";
import { prices as declared } from "../../../models/print-servers/prices.ts";

const assumedPrices = pricesOf(declared, []);

test("a given price replaces the assumed one, and the others stay", () => {
  const amounts = pricesOf(declared, ["lostJob=3"]).map(({ amount }) => amount);
  assert.deepEqual(
    amounts,
    assumedPrices.map(({ name, amount }) => (name === "lostJob" ? 3 : amount)),
  );
});

for (const [args, message] of [
  [["lostJob"], /name=amount/],
  [["lostJob=-1"], /a price is a number in \[0, 1000000000\], not -1/],
  [["lostJobs=1"], /lostJobs is not a price; one of /],
  [["lostJob=1", "lostJob=2"], /given twice/],
  [["lostJob=1=2"], /name=amount/],
] as const)
  test(`${args.join(" ")} is refused`, () => assert.throws(() => pricesOf(declared, args), message));

test("the cheapest policy changes where two cost lines cross, on either side of the price", () => {
  const [first, second] = assumedPrices.slice(0, 2);
  const prices = [
    { ...first, amount: 2 },
    { ...second, amount: 1 },
  ];
  // Costs p + 2q, 5q and 4p + q at p = 2, q = 1: each crossing is solved by hand.
  const found = breakEvens(
    prices,
    [
      [1, 2],
      [0, 5],
      [4, 1],
    ],
    0,
  ).map((one) => ({ ...one, at: Number(one.at.toFixed(12)) }));
  assert.deepEqual(found, [
    { price: first.name, at: 0.333333333333, isAbove: false, policy: 2 },
    { price: first.name, at: 3, isAbove: true, policy: 1 },
    { price: second.name, at: 0.666666666667, isAbove: false, policy: 1 },
    { price: second.name, at: 6, isAbove: true, policy: 2 },
  ]);
});

test("a break-even lies within a factor of twenty of the present price", () => {
  const prices = assumedPrices.slice(0, 2).map((price) => ({ ...price, amount: 1 }));
  const at = (dearness: number) =>
    breakEvens(
      prices,
      [
        [1, 0],
        [0, dearness],
      ],
      0,
    ).map((one) => Number(one.at.toFixed(12)));
  assert.deepEqual(at(19), [19, 0.052631578947]);
  assert.deepEqual(at(21), []);
});

test("a policy that costs as much becomes the cheapest in the direction in which it costs less, never below 0", () => {
  // Three policies take 3, 2 and 1 hours of staff, and 1, 1 and 2 of downtime. All hours are free.
  const free = ["staff", "down"].map((name) => ({ name, amount: 0, response: name, size: 1, meaning: name }));
  const taken = [
    [3, 1],
    [2, 1],
    [1, 2],
  ];
  assert.deepEqual(breakEvens(free, taken, 0), [{ price: "staff", at: 0, isAbove: true, policy: 2 }]);
  assert.deepEqual(breakEvens(free, taken, 2), [{ price: "down", at: 0, isAbove: true, policy: 0 }]);
  // At 5 for an hour of staff and of downtime, the last two cost 15, and the first 20.
  const paid = free.map((price) => ({ ...price, amount: 5 }));
  assert.deepEqual(
    breakEvens(paid, taken, 1).filter(({ policy }) => policy === 2),
    [
      { price: "staff", at: 5, isAbove: true, policy: 2 },
      { price: "down", at: 5, isAbove: false, policy: 2 },
    ],
  );
});

test("late jobs and lost jobs have prices of their own, each with the response it names", () => {
  const responseOf = (name: string) => assumedPrices.find((price) => price.name === name)?.response;
  assert.equal(responseOf("unprintedJob"), "jobsUnprinted");
  assert.equal(responseOf("stuckJobHour"), "stuckUs");
  assert.ok(!assumedPrices.some(({ response }) => response === "jobsStarved"), "an attempt is no job");
});
