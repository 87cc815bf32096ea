/** lab/validation/devstone.ts: the transitions of the four models against their formulas, at any width and depth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { devstone } from "../../../lab/validation/devstone.ts";

const sizes: [fc.Arbitrary<number>, fc.Arbitrary<number>] = [
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 12 }),
];

/** Transitions, as many internal as external, by the formulas of xDEVS' tests. */
const formulas = {
  LI: (width: number, depth: number) => (width - 1) * (depth - 1) + 1,
  HI: (width: number, depth: number) => ((width * (width - 1)) / 2) * (depth - 1) + 1,
  HO: (width: number, depth: number) => ((width * (width - 1)) / 2) * (depth - 1) + 1,
  HOmod(width: number, depth: number) {
    let transitions = 1;
    for (let i = 1; i < depth; i++) {
      const inputs = 1 + (i - 1) * (width - 1);
      transitions += (inputs * width * (width - 1)) / 2 + (width - 1) * (inputs + width - 1);
    }
    return transitions;
  },
};

for (const kind of ["LI", "HI", "HO", "HOmod"] as const) {
  test(`${kind} has the transition rates of its formula`, () => {
    fc.assert(
      fc.property(...sizes, (width, depth) => {
        const { internal, external } = devstone(kind, width, depth);
        assert.deepEqual([internal, external], [formulas[kind](width, depth), formulas[kind](width, depth)]);
      }),
      {
        seed: 1,
        numRuns: 40,
        examples: [
          [1, 1],
          [1, 9],
          [2, 9],
        ],
      },
    );
  });
}
