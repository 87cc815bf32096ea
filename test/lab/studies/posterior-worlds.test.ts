/** lab/studies/posterior-worlds.ts: worlds are taken of a posterior by their weights, and what is none is refused. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dayOfText } from "../../../lab/calendar.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import type { PlannedPoint } from "../../../lab/experiment/design-point.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import { readPriceList } from "../../../lab/studies/price-list.ts";
import { readPosterior } from "../../../lab/studies/posterior-worlds.ts";

let folder: string;
let experiment: Experiment;
let points: readonly PlannedPoint[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-worlds-"));
  experiment = await loadExperiment("restart-or-patch");
  points = await designPoints(experiment);
});
after(() => rm(folder, { recursive: true }));

async function read(text: string, of = experiment) {
  const file = join(folder, "posterior.csv");
  await writeFile(file, text);
  return readPosterior(file, of, points);
}

test("each of the sixteen worlds has its share of draws, and plans are made for the middle world", async () => {
  const { worlds, fresh, middle } = await read(
    "weight,_reading,controlMsMedian,spooler,emfHoldsDc\n" +
      "0.25,leaks,10,buggy,false\n0.5,leaks,20,buggy,true\n0,leaks,1,buggy,true\n0.25,none,30,fixed,false\n",
  );
  const medians = (of: readonly object[]) => of.map((world) => (world as { controlMsMedian: number }).controlMsMedian);
  assert.deepEqual(medians(worlds), [...Array(4).fill(10), ...Array(8).fill(20), ...Array(4).fill(30)]);
  assert.deepEqual(medians(fresh), medians(worlds), "of few draws all are taken in both");
  assert.deepEqual(middle, { controlMsMedian: 20, spooler: "buggy", emfHoldsDc: true });
  assert.equal(worlds[15]!.spooler, "fixed");
});

test("columns that are equal in all draws set every world too, such as the site and the load that calibrate knew", async () => {
  const { worlds, fresh } = await read(
    "weight,_explanation,controlMsMedian,site,jobsPerDay,hourShares\n0.5,Q223863,10,mainframe,500,\n0.5,Q223863,20,mainframe,500,\n",
  );
  for (const { site, jobsPerDay, hourShares } of [...worlds, ...fresh]) {
    assert.deepEqual([site, jobsPerDay, hourShares], ["mainframe", 500, ""]);
  }
});

test("notes of the counters are read from the first row and escaped", async () => {
  const { startDay, firstOut, unlike } = await read(
    "weight,_since,_firstOut,_unlike,controlMsMedian\n1,2026-04-06,Handles run\u202e out.,rise,10\n1,,,,10\n",
  );
  assert.equal(startDay, dayOfText("2026-04-06"));
  assert.equal(unlike, "rise");
  assert.equal(firstOut, "Handles run\\u202e out.");
  assert.equal((await read("weight,controlMsMedian\n1,10\n")).startDay, undefined);
});

test("weights are relative, however large or small they are", async () => {
  for (const weight of ["1e308", "1e-320"]) {
    const { worlds } = await read(`weight,controlMsMedian\n${weight},1\n${weight},2\n`);
    assert.equal(worlds.filter(({ controlMsMedian }) => controlMsMedian === 1).length, 8, weight);
  }
});

test("with many draws, policies are judged on other draws than they are chosen on", async () => {
  const rows = Array.from({ length: 64 }, (_, i) => `1,${i + 1}`);
  const { worlds, fresh } = await read(`weight,controlMsMedian\n${rows.join("\n")}\n`);
  const chosen = new Set(worlds.map(({ controlMsMedian }) => controlMsMedian));
  assert.equal(chosen.size, 16);
  assert.ok(fresh.every(({ controlMsMedian }) => !chosen.has(controlMsMedian!)));
});

for (const [text, message] of [
  ["controlMsMedian\n1\n", /has no column weight; its columns are controlMsMedian; it must be a posterior\.csv/],
  ["weight,controlMs\n1,2\n", /posterior\.csv: controlMs is not a parameter of print-servers/],
  ["weight,restartEveryHours\n1,24\n", /restartEveryHours is varied by the factor policy/],
  ["weight,controlMsMedian\n1,-3\n", /row 1: controlMsMedian is -3; a number in/],
  ["weight,controlMsMedian\n1,\n", /row 1: controlMsMedian is/],
  ["weight,hotfixed\n1,yes\n", /row 1: hotfixed is "yes"; true or false/],
  ["weight,spooler\n1,./evil.mjs\n", /row 1: spooler is \.\/evil\.mjs; a table cannot name a module/],
  ["weight,controlMsMedian\n-1,3\n", /row 1: weight is -1/],
  ["weight,controlMsMedian\n0,3\n", /no row with a weight above 0/],
  ["weight,controlMsMedian\n1,3\n ,3\n", /row 2: weight is empty/],
  ["weight,controlMsMedian\n0x1,3\n", /row 1: weight is 0x1; it must be a number/],
  ["weight,controlMsMedian\n1,0x10\n", /row 1: controlMsMedian is "0x10"; a number in/],
  // 12.5 with a decimal comma.
  ["weight,controlMsMedian\n1,10\n1,12,5\n", /posterior\.csv:3 has too few or too many cells/],
  ["weight,controlMsMedian,_reading\n0,5,10,leaks\n", /posterior\.csv:2 has too few or too many cells/],
  ["", /has no column weight; it must be/],
  [
    "weight;controlMsMedian\n1;2\n",
    /no column weight; its columns are weight;controlMsMedian; .* with commas between columns/,
  ],
  ["weight,controlMsMedian,controlMsMedian\n1,10,-5\n", /has two columns controlMsMedian/],
  [
    "weight,deleteShare,pauseDeleteShare\n1,0.1,0.1\n1,0.7,0.7\n",
    /row 2: the settings make no sense together: .* sum to 1\.4/,
  ],
] as const) {
  test(`refused: ${JSON.stringify(text)}`, () => assert.rejects(read(text), message));
}

test("a quoted header, a byte order mark and CR are read, as other programs write them", async () => {
  const { middle } = await read('\ufeff"weight","controlMsMedian"\r\n1,10\r\n');
  assert.deepEqual(middle, { controlMsMedian: 10 });
});

test("a setting that the table replaces is refused, unless both say the same", async () => {
  const set = withOverrides(experiment, { set: ["controlMsMedian=77"] });
  const text = "weight,controlMsMedian\n1,77\n1,10\n";
  await assert.rejects(
    read(text, set),
    /^UserError: set controlMsMedian=77: .* row 2 sets controlMsMedian to 10; leave/,
  );
  assert.equal((await read("weight,controlMsMedian\n1,77\n", set)).middle.controlMsMedian, 77);
  const file = join(folder, "prices.yaml");
  await writeFile(file, "controlMsMedian: 99\n");
  const { experiment: priced } = await readPriceList(file, experiment, points[0]!.resolved.model);
  await assert.rejects(read(text, priced), /prices .*prices\.yaml:1:1: .* row 1 sets controlMsMedian to 77/);
});

test("a missing posterior is refused by name", async () => {
  await assert.rejects(readPosterior("nowhere.csv", experiment, points), /nowhere\.csv does not exist/);
});
