/** A model that somebody else writes in one file gets what the print servers get, by saying so in that file. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { resolveScenario } from "../../lab/experiment/scenario.ts";
import { answers } from "../../lab/reports/answers.ts";
import { chartsOf } from "../../lab/reports/charts.ts";
import { readResults, type Results } from "../../lab/reports/results-reader.ts";
import { summaryTables } from "../../lab/reports/summary-tables.ts";
import { runExperiment } from "../../lab/run-experiment.ts";
import { writePerfmonLog } from "../../lab/traces/perfmon.ts";
import { storyOf } from "../../lab/traces/story.ts";
import { timelineOf } from "../../lab/traces/timeline.ts";
import type { ServerSelector } from "../../lab/traces/trace.ts";

const model = fileURLToPath(new URL("../cases/leaky-queue.js", import.meta.url));
let folder: string;
let results: Results;
let server: ServerSelector;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-own-model-"));
  const file = join(folder, "umbrellas.yaml");
  const scenario = { model, servers: 2, horizonDays: 0.1, sampleEveryHours: 1 };
  const factors = "factors:\n  stand:\n    some: {leakShare: 0.2}\n    none: {leakShare: 0}\n";
  const compare = "compare: {factor: stand, baseline: some, against: none}\n";
  const text = `question: Does a stand pay?\nseed: 1\nreplications: 3\nscenario: ${JSON.stringify(scenario)}\n`;
  await writeFile(file, text + factors + compare);
  const experiment = await loadExperiment(file);
  const out = join(folder, "results");
  const { signal } = new AbortController();
  await runExperiment(experiment, { out, workers: 1, sliceSize: 2, force: false, command: "a test", signal });
  results = await readResults(out);
  server = { resolved: await resolveScenario(experiment.scenario, folder), seed: "1", replication: 0, server: 0 };
});
after(() => rm(folder, { recursive: true }));

test("an answer names its leak and whether users notice it", () => {
  const [answer] = answers(results);
  assert.match(
    answer,
    /^With stand some, a server leaks at least \d+ umbrellas a day \(95 % interval .*\); with stand none, none\. /,
  );
  assert.match(answer, /users notice/);
});

test("tables have its headline, its symptom and its operational impact", () => {
  const { comparison, operationalImpact: costs, attended } = summaryTables(results);
  assert.deepEqual(
    comparison!.rows.map((row) => row[0]),
    ["umbrellas"],
  );
  assert.ok(comparison!.legend.some((line) => line.endsWith("; for umbrellas, until users notice")));
  assert.deepEqual(costs!.head, ["stand", "cleaner [min]", "tripped"]);
  assert.equal(attended, costs, "a cleaner attends to the queues");
  assert.deepEqual(
    costs!.rows.map((row) => row[2]),
    ["6 of 6", "0 of 6"],
  );
});

test("charts draw its leak over time and the time to symptom", async () => {
  const groups = await chartsOf(results);
  const ids = groups.flatMap(({ charts }) => charts.map(({ id }) => id));
  for (const id of ["over-time-umbrellas", "survival-trip", "pairs-umbrellas"]) assert.ok(ids.includes(id), id);
});

test("a Performance Monitor log has its counter", async () => {
  let log = "";
  const machine = { computer: "Q1", instance: "queue", zone: "UTC", biasMinutes: 0, startDay: 4 };
  await writePerfmonLog(server, 3600e6, machine, async (piece) => void (log += piece));
  const [head, first] = log.split("\r\n");
  assert.match(head, /"\\\\Q1\\Queue\(queue\)\\Umbrellas"$/);
  assert.ok(Number(first.split(",")[1].replaceAll('"', "")) > 1);
});

test("a leak has its story, and is an instant of the timeline", () => {
  const story = storyOf(server, 2, 0.1 * 86400e6);
  assert.equal(story.subject, `customer ${story.job} and an umbrella`);
  assert.equal(story.lines.at(-1)!.sentence, `customer ${story.job} leaves: an umbrella stays`);
  assert.deepEqual(story.lines.at(-1)!.changes, ["umbrellas = 2"]);
  const events = [...timelineOf(server, { from: 0, until: 0.1 * 86400e6 })];
  const leaks = events.filter(({ ph, name }) => ph === "i" && name === "an umbrella stays");
  assert.equal(leaks.length, story.leaks);
  assert.ok(events.some(({ ph, name }) => ph === "C" && name === "heap"));
});
