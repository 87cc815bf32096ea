/**
 * The tests that every runner must pass: the contract of Runner in lab/execution/run.ts. A runner gives what `execute`
 * gives, to the byte, in any order; it stops when it is asked to; and an error names its run.
 *
 * The errors come from users' models: modules in a temporary folder, which reach threads by their paths.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { designPoints } from "../../lab/experiment/design.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides } from "../../lab/experiment/override.ts";
import { BrokenInvariant, execute, type Run, type Runner, type RunResult } from "../../lab/execution/run.ts";
import { wholeRun } from "../../lab/execution/partition.ts";
import { UserError } from "../../lab/user-error.ts";

/** What not every runner can do: to outlive a run that ends its process. */
export type Ability = "outlives-exit";

/** How a user's model goes wrong, once a server has ticked five times: in words of its own program. */
export const mistakes = {
  none: "",
  check: `if (verb === "check") throw new Error("ticks is " + ticks + ", and five are enough");`,
  handle: `if (verb === "handle") throw new RangeError("ticks ran out (design point 3, replication 2, at last)");`,
  exit: `if (!isMainThread) process.exit(3);`,
} as const;

/**
 * A user's model as the text of a module: servers tick at random.
 *
 * @param more adds a response that is drawn from a stream of its own
 */
export function userModel(mistake: keyof typeof mistakes = "none", more = false): string {
  const extra = more ? `, { name: "luck", unit: "1", role: "total", meaning: "what was drawn" }` : "";
  return `
    import { isMainThread } from "node:worker_threads";
    function look(verb, ticks) {
      if (ticks < 5) return;
      ${mistakes[mistake]}
    }
    export default {
      name: "ticks",
      meaning: "ticks at random",
      kinds: ["TICK"],
      parameters: {
        gapSecondsMax: {
          kind: "number", unit: "s", default: 60, min: 1, max: 1e6, meaning: "longest gap", source: "a test",
        },
      },
      responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks so far" }${extra}],
      create({ gapSecondsMax }, { count }, open) {
        const gaps = open("gaps");
        const lucks = ${more} ? open("lucks") : undefined;
        const ticks = new Float64Array(count);
        const luck = new Float64Array(count);
        const next = (server, schedule) => {
          schedule.after(Math.ceil(gaps.draw(server) * gapSecondsMax * 1e6), 0, server, 0);
        };
        return {
          columns: ${more} ? [ticks, luck] : [ticks],
          start(schedule) {
            for (let server = 0; server < count; server++) next(server, schedule);
          },
          handle(kind, server, object, schedule) {
            ticks[server]++;
            if (lucks) luck[server] += lucks.draw(server);
            look("handle", ticks[server]);
            next(server, schedule);
          },
          observe() {},
          check() {
            for (const value of ticks) look("check", value);
          },
        };
      },
    };
  `;
}

const written = new Map<string, Promise<void>>();

/**
 * The path of a user's model in the folder. Its file is written once: a thread that an earlier test abandoned may
 * still import it, and must not find half of it.
 */
export async function userModelFile(
  folder: string,
  mistake: keyof typeof mistakes = "none",
  more = false,
): Promise<string> {
  const path = join(folder, `${mistake}${more ? "-more" : ""}.mjs`);
  const writing = written.get(path) ?? writeFile(path, userModel(mistake, more));
  written.set(path, writing);
  await writing;
  return path;
}

/** Long enough for threads to start on a busy machine; a runner that hangs is a failure, not a wait. */
const timeout = 120_000;

const SERVERS = 8;

export function runnerCases(name: string, runner: Runner, abilities: readonly Ability[]): void {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "spoolsim-runner-"));
  });

  after(() => rm(folder, { recursive: true }));

  /** Runs of a user's model with this mistake, of one server each. */
  async function runsOfUser(mistake: keyof typeof mistakes, runs: number): Promise<Run[]> {
    const model = await userModelFile(folder, mistake);
    const scenario = { model, servers: runs, horizonDays: 0.05, sampleEveryHours: 1, parameters: {} };
    return Array.from({ length: runs }, (_, first) => {
      return { point: 3, replication: 2, seed: "1", scenario, first, count: 1, sliceSize: 1 };
    });
  }

  test(`${name}: results are those of execute in canonical order, whatever the slices`, { timeout }, async () => {
    expectedResults ??= resultsOf(oneByOne, await runsOfExperiment(1));
    const expected = await expectedResults;
    assert.ok(expected.every(({ eventCounts }) => eventCounts.every((count) => count > 0)));
    const runs = (await Promise.all([1, 7, SERVERS].map(runsOfExperiment))).flat().reverse();
    assert.deepEqual(
      await resultsOf(runner, runs),
      expected.flatMap((result) => [result, result, result]),
    );
  });

  test(`${name}: no runs have no results`, { timeout }, async () => {
    assert.deepEqual(await resultsOf(runner, []), []);
  });

  test(`${name}: an already aborted signal runs nothing`, { timeout }, async () => {
    assert.deepEqual(await resultsOf(runner, await runsOfUser("none", 3), AbortSignal.abort()), []);
  });

  test(`${name}: a signal aborted meanwhile ends the results early`, { timeout }, async () => {
    const controller = new AbortController();
    let results = 0;
    for await (const _ of runner(await runsOfUser("none", 100), controller.signal)) {
      results++;
      controller.abort();
    }
    assert.ok(results >= 1 && results < 100, `${results} results`);
  });

  test(`${name}: a caller may stop reading results early`, { timeout }, async () => {
    for await (const { point } of runner(await runsOfUser("none", 100), never)) {
      assert.equal(point, 3);
      break;
    }
  });

  test(`${name}: a broken invariant is reported as one, with its place`, { timeout }, async () => {
    const error = await rejectionOf(runner, await runsOfUser("check", 1));
    assert.ok(error instanceof BrokenInvariant);
    assert.match(error.message, /^ticks is \d+, and five are enough \(/);
    assert.match(error.message, /\(design point 3, replication 2, servers 0 to 0, time 3600000000 us\)$/);
  });

  test(`${name}: an error of a user's model is reported with its line and its run`, { timeout }, async () => {
    const error = await rejectionOf(runner, await runsOfUser("handle", 1));
    assert.ok(error instanceof UserError);
    const place =
      /handle\.mjs:5:\d+ ticks ran out \(design point 3, replication 2, at last\) \(design point 3, replication 2, servers 0 to 0\)$/;
    assert.match(error.message, place);
  });

  test(`${name}: one error among many runs ends the results`, { timeout }, async () => {
    const [broken] = await runsOfUser("handle", 1);
    const runs = await runsOfUser("none", 20);
    runs.splice(10, 1, broken);
    assert.match((await rejectionOf(runner, runs)).message, /design point 3, replication 2, servers 0 to 0/);
  });

  if (abilities.includes("outlives-exit")) {
    test(`${name}: a run that ends its process is reported with its run`, { timeout }, async () => {
      const error = await rejectionOf(runner, await runsOfUser("exit", 1));
      assert.match(error.message, /\(design point 3, replication 2, servers 0 to 0\)$/);
    });
  }
}

const never = new AbortController().signal;

/** What every runner is compared with, computed once for all runners of a process. */
let expectedResults: Promise<RunResult[]> | undefined;

/** The runner that there is nothing to compare with. */
async function* oneByOne(runs: Iterable<Run>): AsyncIterable<RunResult> {
  for (const run of runs) yield await execute(run);
}

/** Runs of two design points of q223863, of a site that prints all night; two replications each, unevenly cut. */
async function runsOfExperiment(sliceSize: number): Promise<Run[]> {
  const small = { servers: SERVERS, replications: 2, set: ["horizonDays=0.01", "sampleEveryHours=0.1"] };
  const experiment = withOverrides(await loadExperiment("q223863"), small);
  const points = (await designPoints(experiment)).slice(6);
  return points.flatMap((point) => [
    wholeRun(experiment, point, 0, sliceSize),
    ...[0, 3, 6].map((first) => {
      return { ...wholeRun(experiment, point, 1, sliceSize), first, count: Math.min(3, SERVERS - first) };
    }),
  ]);
}

/** The results in canonical order. */
async function resultsOf(runner: Runner, runs: Iterable<Run>, signal = never): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for await (const result of runner(runs, signal)) results.push(result);
  return results.sort((a, b) => a.point - b.point || a.replication - b.replication || a.first - b.first);
}

async function rejectionOf(runner: Runner, runs: Iterable<Run>): Promise<Error> {
  return resultsOf(runner, runs).then(
    () => assert.fail("no error is reported"),
    (error: Error) => error,
  );
}
