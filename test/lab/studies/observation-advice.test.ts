/**
 * lab/studies/observation-advice.ts: worlds as they are said, and what it is worth to know which of them is the true
 * one.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { firstWeeks, observationAdvice, worldsOf, type World } from "../../../lab/studies/observation-advice.ts";
import { type HorizonValues, planAtHorizon } from "../../../lab/analysis/horizon-values.ts";
import type { Fate } from "../../../lab/studies/policy-fate.ts";
import type { PolicyYear } from "../../../lab/studies/policy-costs.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import type { PlannedPoint } from "../../../lab/experiment/design-point.ts";

let point: PlannedPoint;

before(async () => {
  const experiment = await loadExperiment("restart-or-patch");
  const { scenario } = experiment;
  [point] = (await planAtHorizon(experiment, [{ index: 0, levels: {}, scenario }])).points;
});

test("a name alone means a quarter of the assumed value, the value itself with double weight, and four times it", () => {
  assert.deepEqual(worldsOf("controlMsMedian", point), [
    { value: 7.5, weight: 0.25, setting: { controlMsMedian: 7.5 }, isAssumed: false },
    { value: 30, weight: 0.5, setting: { controlMsMedian: 30 }, isAssumed: true },
    { value: 120, weight: 0.25, setting: { controlMsMedian: 120 }, isAssumed: false },
  ]);
});

test("weights are shares of their sum, and 1 by default", () => {
  const worlds = worldsOf("guardMode=control-commands:3,level-changes-too", point);
  assert.deepEqual(
    worlds.map(({ value }) => value),
    ["control-commands", "level-changes-too"],
  );
  assert.deepEqual(
    worlds.map(({ weight }) => weight),
    [0.75, 0.25],
  );
});

for (const [arg, message] of [
  ["controlMs", /controlMs is not a parameter of print-servers/],
  ["", /an empty name is not a parameter/],
  ["toString", /toString is not a parameter/],
  ["guardMode", /give its possible values/],
  ["controlMsMedian=abc:1,30:1", /controlMsMedian is "abc"; a number in/],
  ["controlMsMedian=,30", /not written as/],
  ["controlMsMedian=10:0,30", /a weight is a number above 0 and at most 1e6, not 0/],
  ["controlMsMedian=10:x,30", /a weight .* not x/],
  ["controlMsMedian=10:,30", /a weight .* not empty/],
  ["controlMsMedian=10:1:1,30", /"10:1:1" is not written/],
  ["controlMsMedian=30", /1 values/],
  ["controlMsMedian=30,30", /twice/],
  ["controlMsMedian=1=2", /an unknown is written/],
  ["textShare", /textShare is 3.2; a share/],
  ["hotfixed=yes,no", /hotfixed is "yes"; true or false/],
] as const)
  test(`the unknown "${arg}" is refused`, () => assert.throws(() => worldsOf(arg, point), message));

/** A year of two replications that cost the same. */
function year(cost: number, kind: Fate["kind"] = "ran-out"): PolicyYear {
  const fate = { kind, outlook: undefined, harmed: 0, fixed: 0 };
  const costs = Float64Array.of(cost, cost);
  return { amounts: [], costs, seen: costs, perServerDay: [], fate, drains: true, isRare: false };
}

/**
 * One server, sampled after a week and after four; `leaks` of each design point at either time, in two
 * replications.
 */
function advised(
  years: readonly (readonly PolicyYear[])[],
  leaks: readonly (readonly number[][])[],
  seed?: string | undefined,
) {
  const plan = { points: leaks.map(() => ({ scenario: { servers: 1, horizonDays: 28 } })) } as unknown as Plan;
  const at = (place: number, _: string, sample: number) => Float64Array.from(leaks[place][sample]);
  const times = () => [7, 28].map((days) => days * 86400e6);
  const values = { servers: at, totals: at, times } as unknown as HorizonValues;
  const drawn = seed === undefined ? {} : { seed };
  const world = (value: number): World => {
    return { value, weight: 0.5, setting: { leak: value }, isAssumed: value === 1, ...drawn };
  };
  const prices = [{ name: "leak", amount: 2, response: "leaks", size: 1, meaning: "" }];
  const weeks = firstWeeks(plan, values, [0, 2], prices, () => [{ name: "leaks", size: 1 }]);
  return observationAdvice({ asIs: 0, meaning: "", worlds: [world(1), world(9)], weeks, years });
}

const none = [
  [0, 0],
  [0, 0],
];

test("knowledge is worth what deciding in each world saves; counts that tell worlds apart are worth as much", () => {
  // Waiting costs 0 or 3650 a year, patching 1460 in either world, which are equally likely: on the average 1825
  // against
  // 1460. Who knows pays 730 on the average, and so saves 730.
  const leaks = [
    [
      [7, 7],
      [8, 8],
    ],
    none,
    [
      [700, 707],
      [710, 710],
    ],
    none,
  ];
  const advice = advised(
    [
      [year(0), year(1460)],
      [year(3650), year(1460)],
    ],
    leaks,
  );
  assert.deepEqual(
    advice.worlds.map(({ best, cost }) => [best, cost]),
    [
      [0, 0],
      [1, 1460],
    ],
  );
  assert.deepEqual(
    advice.worlds.map(({ leaks: count }) => count),
    [7, 703.5],
    "those of the first week, and not a quarter of four weeks'",
  );
  assert.equal(advice.best, 1);
  assert.deepEqual(advice.excluded, []);
  assert.ok(Math.abs(advice.perfect - 730) < 1e-9, `${advice.perfect}`);
  assert.ok(Math.abs(advice.week - 730) < 1e-6, `${advice.week}`);
  // A leak costs 2: the first week of waiting 14 or 1407, on the average 710.5; a week of patching 28.
  assert.ok(Math.abs(advice.waiting - 682.5) < 1e-9, `${advice.waiting}`);
});

test("a policy that is sound in one world only is the best there, and not on average", () => {
  const { worlds, best, excluded, perfect } = advised(
    [
      [year(0), year(100)],
      [year(0, "runs-out"), year(100)],
    ],
    [none, none, none, none],
  );
  assert.deepEqual(
    worlds.map((world) => [world.best, world.cost]),
    [
      [0, 0],
      [1, 100],
    ],
  );
  assert.deepEqual([best, excluded], [1, [0]]);
  // Who knows saves 100 in one of two equally likely worlds.
  assert.ok(Math.abs(perfect - 50) < 1e-9, `${perfect}`);
});

test("a week shows the leaks of the most frequent kind, whatever their size", () => {
  const plan = { points: [{ scenario: { servers: 1, horizonDays: 7 } }] } as unknown as Plan;
  const servers = (_: number, name: string) =>
    name === "handles" ? Float64Array.of(1000, 1100) : Float64Array.of(3, 3);
  const values = { servers, totals: servers, times: () => [7 * 86400e6] } as unknown as HorizonValues;
  const kinds = [
    { name: "processors", size: 1 },
    { name: "handles", size: 50 },
  ];
  const [week] = firstWeeks(plan, values, [0], [], () => kinds);
  assert.deepEqual(week!.leaks, { mean: 21, dispersion: 2 / 21 });
});

test("leaks of different sizes count as those of one size, which is the same in every world", () => {
  const point = { scenario: { servers: 2, horizonDays: 7 } };
  const plan = { points: [point, point, point] } as unknown as Plan;
  // Bytes: a variance of 2e6 and a mean of 2000, then of 4e6 and 4000, so leaks of 1000; and none.
  const bytes = [Float64Array.of(1000, 3000), Float64Array.of(4000 - 2e3 / Math.SQRT2, 4000 + 2e3 / Math.SQRT2)];
  const servers = (index: number, name: string) =>
    name === "bytes" ? (bytes[index] ?? Float64Array.of(0, 0)) : Float64Array.of(1, 1);
  const values = { servers, totals: servers, times: () => [7 * 86400e6] } as unknown as HorizonValues;
  const kinds = [
    { name: "bytes", size: undefined },
    { name: "processors", size: 1 },
  ];
  const weeks = firstWeeks(plan, values, [0, 1, 2], [], () => kinds);
  const rounded = weeks.map(({ leaks }) => [leaks.mean, leaks.dispersion].map((one) => Number(one.toFixed(3))));
  assert.deepEqual(rounded, [
    [4, 1],
    [8, 1],
    [2, 0],
  ]);
});

test("leaks that rule out the world in which a policy runs out make that policy possible", () => {
  const years = [
    [year(0), year(100)],
    [year(0, "runs-out"), year(100)],
  ];
  const many = [
    [300, 300],
    [900, 900],
  ];
  const { perfect, week } = advised(years, [none, none, many, none]);
  assert.ok(Math.abs(week - perfect) < 1e-9, `${week}, although 0 and 300 leaks tell the worlds apart`);
  const few = [
    [1, 1],
    [4, 4],
  ];
  const { week: little } = advised(years, [none, none, few, none]);
  assert.ok(little < 1e-9, `${little}, although no leak is possible where one is expected`);
});

test("what only chance makes the best in a world of its own random numbers is not worth knowing", () => {
  const costing = (...costs: number[]): PolicyYear => ({ ...year(0), costs: Float64Array.from(costs) });
  const apart = [
    [0, 0],
    [300, 300],
  ];
  const leaks = [none, none, apart, none];
  const noisy = [
    [costing(100, 100), costing(90, 104)],
    [costing(100, 100), costing(95, 113)],
  ];
  const alike = advised(noisy, leaks, "worlds");
  assert.deepEqual([alike.best, alike.perfect, alike.week], [0, 0, 0]);
  assert.deepEqual(
    alike.worlds.map(({ best, cost }) => [best, cost]),
    [
      [0, 100],
      [0, 100],
    ],
    "and the worlds show it",
  );
  const certain = [
    [costing(100, 100), costing(60, 60)],
    [costing(100, 100), costing(150, 150)],
  ];
  assert.equal(advised(certain, leaks, "worlds").perfect, 20);
});

test("waiting is not the best in a world whose horizon ends before something runs out", () => {
  const { worlds, best, excluded } = advised(
    [
      [year(0, "runs-out"), year(100)],
      [year(3650), year(100)],
    ],
    [none, none, none, none],
  );
  assert.deepEqual(
    worlds.map((world) => world.best),
    [1, 1],
  );
  assert.equal(best, 1);
  assert.deepEqual(excluded, [0]);
});

test("changes, or the first restart of a calendar, come a week later after an observation, if something may run out", () => {
  const patch = { ...year(100), fate: { ...year(100).fate, kind: "fixed" as const, changedDays: 5 } };
  const weekly = { ...year(100, "restarted"), restartDays: 6.125 };
  for (const [remedy, lateDays] of [
    [patch, 12],
    [weekly, 13.125],
  ] as const) {
    const { worlds } = advised(
      [
        [year(0, "runs-out"), remedy],
        [year(900, "restarted"), remedy],
      ],
      [none, none, none, none],
    );
    assert.deepEqual(
      worlds.map((world) => [world.best, world.lateDays]),
      [
        [1, lateDays],
        [1, undefined],
      ],
    );
  }
});

test("a policy is late after an observation, too, if servers run out before the present policy restarts them", () => {
  const weekly = { ...year(100, "restarted"), restartDays: 6.125 };
  const complaints = year(900, "restarted");
  const kept = { ...year(50, "restarted"), restartDays: 10 }; // it begins at once
  const { worlds } = advised(
    [
      [{ ...complaints, fate: { ...complaints.fate, ranOut: "all" as const } }, weekly],
      [{ ...kept, fate: { ...kept.fate, ranOut: "some" as const } }, weekly],
    ],
    [none, none, none, none],
  );
  assert.deepEqual(
    worlds.map(({ lateDays }) => lateDays),
    [13.125, undefined],
  );
});

test("a policy is late after an observation, too, if the simulated days do not show what the present policy does", () => {
  const patch = { ...year(100), fate: { ...year(100).fate, kind: "fixed" as const, changedDays: 5 } };
  const unseen = (why: Fate["unseen"], ranOut?: Fate["ranOut"]) => {
    const today = year(0, "unseen");
    return [{ ...today, fate: { ...today.fate, unseen: why, ranOut } }, patch];
  };
  const lateDays = (...years: PolicyYear[][]) => {
    return advised(years, [none, none, none, none]).worlds.map((world) => world.lateDays);
  };
  assert.deepEqual(lateDays(unseen("calendar", "may"), unseen("calendar")), [12, undefined]);
  assert.deepEqual(lateDays(unseen("consequences"), unseen("level")), [12, 12]);
});

test("a world is sound if a policy may be advised in it, and the worlds together if one may be in each", () => {
  const of = (...kinds: Fate["kind"][]) => {
    const [first, second, third, fourth] = kinds.map((kind) => year(0, kind));
    const { worlds, isSound } = advised(
      [
        [first!, second!],
        [third!, fourth!],
      ],
      [none, none, none, none],
    );
    return [...worlds.map((world) => world.isSound), isSound];
  };
  assert.deepEqual(of("lasts", "runs-out", "lasts", "unseen"), [true, true, true]);
  assert.deepEqual(of("lasts", "runs-out", "runs-out", "lasts"), [true, true, false]);
  assert.deepEqual(of("lasts", "lasts", "runs-out", "unseen"), [true, false, false]);
});
