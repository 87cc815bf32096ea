/** cli/sensitivity-words.ts: what the sentences say of indices that were made up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { influenceCells, sensitivitySentences } from "../../cli/sensitivity-words.ts";
import type { Influence, Sensitivity } from "../../lab/studies/sensitivity.ts";

/** An assumption with an effect, and with its shares of the variance: alone, and in all with its interval. */
function influence(name: string, effect: number, first: number, total: readonly [number, number, number]): Influence {
  const [value, lower, upper] = total;
  return {
    assumption: {
      name,
      unit: "1",
      assumed: 1,
      values: { from: 0.5, to: 2, scale: "linear", whole: false },
      min: 0,
      max: 100,
    },
    effects: { mu: effect, muStar: effect, muStarError: 0, muStarHalfWidth: 0, sigma: 0 },
    bounded: { some: 0, both: 0 },
    indices: { first: { value: first, lower: first, upper: first }, total: { value, lower, upper } },
  };
}

function sentences(rows: number, ...influences: readonly Influence[]): string[] {
  const zero = { count: 0 };
  const chance = { value: 0.1, lower: 0, upper: 0.2 };
  return sensitivitySentences({
    baseline: { scenario: { horizonDays: 1, servers: 2 } } as Sensitivity["baseline"],
    response: "leaks",
    output: 1,
    influences,
    chance: { first: chance, total: chance },
    rows,
    trajectories: 6,
    tried: 10,
    zero,
  });
}

test("what to measure first follows the shares of the variance, unless they are impossible", () => {
  const small = influence("small", 5, 0.2, [0.25, 0.2, 0.3]);
  const large = influence("large", 3, 0.6, [0.7, 0.6, 0.8]);
  const [first] = sentences(32, small, large);
  assert.equal(
    first,
    "The largest shares of the variance, in all, are those of large (70 %) and small (25 %); measure these first.",
  );
  // Larger alone than in all, but within the interval: an error of the estimates, not a contradiction.
  assert.match(sentences(32, small, influence("large", 3, 0.75, [0.7, 0.6, 0.8]))[0]!, /^The largest shares/);

  const impossible = sentences(32, small, influence("large", 3, 0.9, [0.7, 0.6, 0.8]));
  assert.equal(impossible[0], "The largest effects are those of small and large; measure these first.");
  assert.ok(
    impossible.includes(
      "With 32 rows, the share of large is estimated far larger alone than in all, which is impossible. The shares are too " +
        "uncertain to rank by; use more rows, such as --rows 128.",
    ),
    impossible.join("\n"),
  );
  assert.match(sentences(64, influence("large", 3, 0.9, [0.7, 0.6, 0.8])).join("\n"), /--rows 256/);
});

test("what explains less than a tenth is not named, and no effect at all is said", () => {
  assert.match(sentences(32, influence("small", 5, 0.05, [0.06, 0, 0.1]))[0]!, /^No assumption stands out/);
  const still = sentences(32, influence("still", 0, 0.5, [0.5, 0.4, 0.6]));
  assert.match(still.join("\n"), /1 assumption had no effect at all/);
});

test("where an assumption makes the response 0, that is said of the servers and days that were simulated", () => {
  const last = sentences(32, { ...influence("jobs", 5, 0.5, [0.5, 0.4, 0.6]), zeroAt: 0.3 }).at(-1);
  assert.equal(
    last,
    "On the 2 servers simulated for 1 day it was 0 if, by itself, jobs were 0.3 or less (assumed: 1). That is no proof of a rate of 0: more servers (--servers) and days (--days) show rarer events.",
  );
});

test("a word or a switch was not changed by itself, so nothing is said of it", () => {
  const number = influence("jobs", 5, 0.5, [0.5, 0.4, 0.6]);
  const word = { ...number, assumption: { ...number.assumption, values: ["a", "b"] } };
  assert.match(sentences(32, number, word).join(" "), /None of 1 number with indices makes it 0 by itself/);
  assert.doesNotMatch(sentences(32, word).join(" "), /by itself/);
});

test("where nothing has an effect, nothing is said of changing an assumption by itself", () => {
  const { indices: _, ...still } = influence("still", 0, 0, [0, 0, 0]);
  assert.doesNotMatch(sentences(32, still).join(" "), /by itself/);
});

test("an error of rounding is none", () => {
  const steady = influence("steady", 4.5, 0.5, [0.5, 0.4, 0.6]);
  const cells = influenceCells({ ...steady, effects: { ...steady.effects, muStarError: 6.28e-16 } });
  assert.equal(cells[4], "0");
});
