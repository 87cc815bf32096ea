/**
 * lab/execution/stopping-rule.ts: an experiment stops where its replications say, whoever simulates them and however
 * they are cut.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { runExperiment, type RunOptions, type CompletedRun } from "../../../lab/run-experiment.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import type { Experiment, Until } from "../../../lab/experiment/experiment.ts";
import { readManifest } from "../../../lab/results/manifest.ts";
import type { Run, RunResult } from "../../../lab/execution/run.ts";
import { checkUntil, replicationsThatSuffice } from "../../../lab/execution/stopping-rule.ts";
import { verifyResults } from "../../../lab/verify.ts";
import { enough } from "../../../statistics/stopping.ts";
import { plan, resultOf } from "../../support/fake-results.ts";
import { textsOf } from "../../support/texts.ts";

let base: string;

before(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-stopping-"));
});

after(() => rm(base, { recursive: true }));

const signal = new AbortController().signal;
const usual = { workers: 1, sliceSize: 3, force: false, command: "a test", signal };
const until: Until = { response: "waitUs", relativeHalfWidth: 0.5, min: 3, max: 40 };

async function mm1(replications: number, condition?: Until): Promise<Experiment> {
  const set = ["horizonDays=0.01"];
  const experiment = withOverrides(await loadExperiment("mm1"), { replications, servers: 3, set });
  return condition === undefined ? experiment : { ...experiment, until: condition };
}

let outs = 0;

async function ran(experiment: Experiment, how: Partial<RunOptions> = {}) {
  const out = join(base, `out-${outs++}`);
  const all: CompletedRun = await runExperiment(experiment, { ...usual, out, ...how });
  return { ...all, out, texts: await textsOf(out) };
}

type Ran = Awaited<ReturnType<typeof ran>>;
let plainly: Promise<Ran> | undefined;
/** 40 replications at most, which several tests look at. */
const stoppedEarly = async () => (plainly ??= ran(await mm1(40, until)));

test("workers, slices and the cache change neither the stopping point nor a byte of the results", async () => {
  const { stopped, texts } = await stoppedEarly();
  const { replications } = stopped!;
  assert.ok(replications > 3 && replications < 40, String(replications));
  assert.deepEqual(texts, (await ran(await mm1(replications))).texts);
  const cache = { folder: join(base, "cache"), bytesMax: 1e9 };
  const ways: Partial<RunOptions>[] = [
    { workers: 2, sliceSize: 1, cache },
    { workers: 1, cache },
    { cache: { folder: join(base, "small"), bytesMax: 5 * 4096 } },
  ];
  for (const way of ways) {
    const again = await ran(await mm1(40, until), way);
    assert.deepEqual([again.stopped?.replications, again.texts], [replications, texts], JSON.stringify(way));
  }
});

test("the rule stops at the first replication at which every design point is precise enough", async () => {
  const { stopped, texts } = await stoppedEarly();
  const rows = texts["runs.csv"]
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(","));
  const column = texts["runs.csv"].split("\n")[0].split(",").indexOf(until.response);
  const laws = [...new Set(rows.map(([law]) => law))];
  assert.equal(laws.length, 4);
  const isEnough = (replications: number) =>
    laws.every((law) => {
      const totals = rows
        .filter((row) => row[0] === law)
        .slice(0, replications)
        .map((row) => Number(row[column]));
      return enough(totals, until.relativeHalfWidth, until.min);
    });
  const first = Array.from({ length: stopped!.replications }, (_, i) => i + 1).find(isEnough);
  assert.equal(first, stopped!.replications);
});

test("an anytime rule stops where its intervals do, later than the t rule, and says where the t rule would have stopped", async () => {
  const anytime: Until = { ...until, anytime: true };
  const [
    plain,
    {
      stopped,
      texts,
      plan: { experiment },
    },
  ] = [await stoppedEarly(), await ran(await mm1(40, anytime))];
  assert.equal(stopped!.byT, plain.stopped!.replications);
  assert.equal(plain.stopped!.byT, undefined);
  assert.ok(stopped!.replications > stopped!.byT! && stopped!.replications < 40, `${stopped!.replications}`);
  const rows = texts["runs.csv"]
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(","));
  const column = texts["runs.csv"].split("\n")[0].split(",").indexOf(until.response);
  const isEnough = (replications: number) =>
    [...new Set(rows.map(([law]) => law))].every((law) => {
      const totals = rows
        .filter((row) => row[0] === law)
        .slice(0, replications)
        .map((row) => Number(row[column]));
      return enough(totals, until.relativeHalfWidth, until.min, { isAnytime: true });
    });
  assert.equal(Array.from({ length: 40 }, (_, i) => i + 1).find(isEnough), stopped!.replications);
  const again = await ran(await mm1(40, anytime), { workers: 2, sliceSize: 1 });
  assert.deepEqual([again.stopped, again.texts], [stopped, texts]);
  assert.equal(experiment.until!.anytime, true);
  assert.deepEqual(texts, (await ran(await mm1(stopped!.replications))).texts);
});

test("if the largest number of replications is not sufficient, all are simulated and the report says so", async () => {
  const condition = { ...until, relativeHalfWidth: 0.001, max: 4 };
  const {
    stopped,
    plan: { experiment },
  } = await ran(await mm1(4, condition));
  assert.deepEqual([stopped?.replications, experiment.replications], [4, 4]);
  assert.equal(stopped?.unsettled.length, 4);
});

test("the manifest records how many replications there were and why, and verify repeats the rule", async () => {
  const { out, stopped } = await stoppedEarly();
  const { experiment } = await readManifest(out);
  assert.deepEqual([experiment.replications, experiment.until], [stopped?.replications, until]);
  assert.deepEqual(
    (await readdir(out)).filter((name) => name.startsWith(".")),
    [],
  );
  assert.deepEqual((await verifyResults(out, undefined, usual)).differences, []);
  assert.deepEqual((await verifyResults(out, 3, usual)).differences, []);
});

/** Results of three servers, two design points and six replications, cut and ordered in some way. */
const anyOrder = fc
  .array(fc.constantFrom([3], [1, 2], [1, 1, 1]), { minLength: 12, maxLength: 12 })
  .map((cuts) =>
    cuts.flatMap((counts, i) => {
      let first = 0;
      return counts.map((count) => {
        const { samples, ...rest } = resultOf(i % 2, 0, (first += count) - count, count);
        // The total of the busy time falls as 1 / (replication + 1), so totals come ever closer to each other.
        const replication = i >> 1;
        return { ...rest, replication, samples: samples.map((value) => value * (1 + 1 / (replication + 1))) };
      });
    }),
  )
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

test("neither the order of results nor their slicing changes where it stops", async () => {
  const condition: Until = { response: "jobs", relativeHalfWidth: 0.5, min: 2, max: 6 };
  const answers = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyOrder, async (all) => {
      async function* arriving(_: Iterable<Run>): AsyncIterable<RunResult> {
        yield* all;
      }
      answers.add((await replicationsThatSuffice(plan, condition, 1, arriving)).replications);
      assert.equal(answers.size, 1);
    }),
    { seed: 223863, numRuns: 100 },
  );
  const [answer] = answers;
  assert.ok(answer > 2 && answer < 6, String(answer));
});

test("an unknown response and one without a mean are refused", () => {
  assert.throws(() => checkUntil(plan, { ...until, response: "job" }), {
    name: "UserError",
    message: /^replications\.until\.response is "job"; one of jobs, bytes, handles, busyUs; did you mean jobs\?$/,
  });
  assert.throws(() => checkUntil(plan, { ...until, response: "fullUs" }), { name: "UserError" });
});
