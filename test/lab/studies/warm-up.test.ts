/** lab/studies/warm-up.ts: the beginning to forget, where there is a steady state. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { parse as parseYaml } from "yaml";
import { buildExperiment } from "../../../lab/experiment/load.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { planResults } from "../../../lab/experiment/plan.ts";
import { warmUps, warmUpsOf, warmUpTable, type WarmingUp, type WarmUps } from "../../../lab/studies/warm-up.ts";
import { ratioEstimate } from "../../../statistics/estimate.ts";
import { steadyState } from "../../../statistics/warm-up.ts";
import { textOf } from "../../support/fake-results.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

/** Queues that start empty, some of them nearly full of work: 100 intervals of 86.4 s. */
const queues = `
question: What is forgotten?
seed: warm-up
replications: 6
scenario:
  {model: mm1, servers: 10, horizonDays: 0.1, sampleEveryHours: 0.024, parameters: {servicesPerSecond: 1}}
factors: {arrivalsPerSecond: [0.5, 0.9]}
`;

/** A quiet site whose print processors leak, or do not. */
const office = `
question: Is it steady?
seed: warm-up
replications: 2
scenario:
  model: print-servers
  servers: 2
  horizonDays: 4
  parameters: {jobsPerDay: 200, profile: flat, pauseDeleteShare: 0.2}
factors: {spooler: [buggy, fixed]}
`;

let results: string;
let printers: string;
before(async () => {
  results = await resultsOf(queues, "queues");
  printers = await resultsOf(office, "office");
});
after(async () => {
  await remove(results);
  await remove(printers);
});

const usual: WarmingUp = {
  at: "",
  servers: 99,
  observations: 100,
  names: [],
  workers: 1,
  sliceSize: 64,
  signal: new AbortController().signal,
};

const csvOf = ({ plan, rows }: WarmUps) => textOf(warmUpTable(plan), rows);

type Row = Readonly<Record<string, string>>;

test("a mean discards the warm-up that MSER-5 finds in samples.csv and is estimated from the rest", async () => {
  const samples: Row[] = parse(await readFile(join(results, "samples.csv"), "utf8"), { columns: true });
  const { rows } = await warmUps(results, usual);
  assert.deepEqual(
    rows.map(({ point, name }) => `${point.levels.arrivalsPerSecond} ${name}`),
    ["0.5 waitUsMean", "0.5 sojournUsMean", "0.9 waitUsMean", "0.9 sojournUsMean"],
  );
  for (const { point, name, forgottenDays, all, rest } of rows.filter(({ name }) => name === "waitUsMean")) {
    const { arrivalsPerSecond } = point.levels;
    const totals = (replication: number, column: string) =>
      samples
        .filter((row) => row.arrivalsPerSecond === arrivalsPerSecond && Number(row.replication) === replication)
        .map((row) => Number(row[`${column}_sum`]));
    const each = Array.from({ length: 6 }, (_, i) => [totals(i, "waitUs"), totals(i, "customersStarted")]);
    const gained = (which: number, i: number) =>
      each.reduce((sum, one) => {
        return sum + one[which][i] - (i === 0 ? 0 : one[which][i - 1]);
      }, 0);
    const state = steadyState(Array.from({ length: 100 }, (_, i) => gained(0, i) / gained(1, i)));
    assert.ok(state.isSteady, name);
    assert.ok(Math.abs(forgottenDays * 1000 - state.forgotten) < 1e-9, `${forgottenDays}, ${state.forgotten}`);
    const left = (which: number, from: number) => {
      return each.map((one) => one[which].at(-1)! - (from === 0 ? 0 : one[which][from - 1]));
    };
    assert.equal(all.value, ratioEstimate(left(0, 0), left(1, 0)).value);
    assert.equal(rest.value, ratioEstimate(left(0, state.forgotten), left(1, state.forgotten)).value);
    // A queue at 90 % that starts empty waits too little at first.
    if (arrivalsPerSecond === "0.9") assert.ok(state.forgotten > 0 && rest.value > all.value);
  }
});

test("a single run has the interval of its batches, and drops the incomplete batch", async () => {
  const rowsOf = async (yaml: string, replications: number, ...names: string[]) => {
    const parsed = parseYaml(yaml);
    const scenario = { ...parsed.scenario, sampleEveryHours: 0.24 * parsed.scenario.horizonDays };
    const experiment = buildExperiment("single", { ...parsed, replications, scenario }, "/");
    return (await warmUpsOf(planResults(experiment, await designPoints(experiment)), { ...usual, names })).rows;
  };
  const [single, several] = [await rowsOf(queues, 1), await rowsOf(queues, 6)];
  for (const [i, { name, all, rest }] of single.entries()) {
    assert.deepEqual([all.value > 0, rest.value > 0, rest.standardError], [true, true, NaN], name);
    // Between the batches of one run as between six times as many queues.
    const ratio = all.standardError / several[i].all.standardError / Math.sqrt(6);
    assert.ok(ratio > 0.4 && ratio < 2.5, `${ratio}`);
  }
  const [buggy, fixed] = await rowsOf(office, 1, "privateBytes");
  assert.deepEqual([buggy.all.standardError, fixed.all.standardError > 0], [NaN, true]);
});

test("a gauge that holds a leak is still changing; the same gauge without the leak is steady", async () => {
  const { rows } = await warmUps(printers, { ...usual, names: ["privateBytes"] });
  const [buggy, fixed] = rows;
  assert.match(buggy.refusal, /^still changing half-way: not steady yet, or, like a leak's total, never$/);
  assert.deepEqual([buggy.forgottenDays, buggy.rest.value], [NaN, NaN]);
  assert.equal(fixed.refusal, "");
  assert.ok(fixed.forgottenDays < 2 && fixed.rest.value > 0);
});

test("workers and slices change no byte, and unknown values are empty", async () => {
  const one = await csvOf(await warmUps(printers, { ...usual, names: ["privateBytes"] }));
  const again = { ...usual, names: ["privateBytes"], workers: 2, sliceSize: 1 };
  assert.equal(await csvOf(await warmUps(printers, again)), one);
  const [buggy] = parse(one, { columns: true }) as Row[];
  assert.deepEqual([buggy.forgottenDays, buggy.rest, buggy.closedForm, buggy.z], ["", "", "", ""]);
});

test("intervals without events do not count as observations", async () => {
  const { rows } = await warmUps(printers, { ...usual, observations: 2000, names: ["leaksPerControlEntry"] });
  assert.match(rows[0].refusal, /^\d+ of 2000 observations are empty; take fewer$/);
});

test("a response without a steady state is refused with the reason and with advice", async () => {
  const refused = (name: string, rule: string) => {
    const error = { name: "UserError", message: `of is ${name}${rule}` };
    return assert.rejects(warmUps(printers, { ...usual, names: [name] }), error);
  };
  await refused(
    "leakedHandles",
    ", a leak: its total rises for ever and has no steady state; ask of its rate, which leak-rates.csv has",
  );
  await refused("jobsPrinted", ", a count, which has no steady state; ask of a mean that is made of it");
  await refused("lockWaitUs", ", a running total, which has no steady state; ask of a mean that is made of it");
  await refused("firstLeakUs", ", an event time, which comes once; ask of the times to it, which survival.csv has");
  await assert.rejects(warmUps(printers, { ...usual, names: ["privateByte"] }), {
    name: "UserError",
    message: /^of is privateByte; one of leaksPerControlEntry, .* did you mean privateBytes\?$/,
  });
});
