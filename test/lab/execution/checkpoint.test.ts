/** A run that was stopped goes on from its checkpoint to the same bytes; a wrong checkpoint is reported and ignored. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { recall } from "../../../lab/execution/cache-entry.ts";
import { listCache } from "../../../lab/execution/cache.ts";
import { execute, type Run, type RunResult } from "../../../lab/execution/run.ts";
import { spoolsim, startSignalled } from "../../support/spoolsim.ts";

const scenario = {
  model: "print-servers",
  servers: 5,
  horizonDays: 1.5,
  sampleEveryHours: 12,
  parameters: { jobsPerDay: 200 },
};
const rollout = {
  ...scenario,
  parameters: { ...scenario.parameters, patchOrder: "hotfix-sp6", patchAtDays: 0.2, waveServers: 2 },
};
const plain: Run = { point: 0, replication: 1, seed: "a", scenario, first: 0, count: 5, sliceSize: 2 };

let folder: string;
let run: Run;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-checkpoint-"));
  const path = join(folder, "entry");
  file = `${path}.checkpoint`;
  run = { ...plain, entry: { path, key: "k".repeat(64), about: {} }, checkpointSeconds: 0 };
});

afterEach(() => rm(folder, { recursive: true }));

function bytesOf({ eventCounts, digestLow, digestHigh, samples }: RunResult): string[] {
  return [eventCounts, digestLow, digestHigh, samples].map((column) => Buffer.from(column.buffer).toString("hex"));
}

/** A signal that stops a run when it looks at it for the count-th time. */
function stopAt(count: number): AbortSignal {
  let looks = 0;
  return {
    throwIfAborted() {
      if (++looks === count) throw new Error("stopped");
    },
  } as AbortSignal;
}

/** Stops the run at its count-th look. */
async function stopped(one: Run, count: number): Promise<void> {
  await assert.rejects(recall(one, stopAt(count)), { message: "stopped" });
}

for (const [name, tested] of Object.entries({ scenario, rollout })) {
  test(`a stopped run continues from its saved state, whatever the slices: ${name}`, async () => {
    const one = { ...run, scenario: tested };
    const expected = bytesOf(await execute({ ...plain, scenario: tested }));
    for (const count of [5, 9, 14, 19]) {
      await stopped(one, count);
      assert.ok(existsSync(file));
      // The first saves on; to save takes longer than to simulate.
      const checkpointSeconds = count === 5 ? 0 : 3600;
      const result = await recall({ ...one, sliceSize: 1 + (count % 4), checkpointSeconds });
      assert.deepEqual(bytesOf(result), expected);
      assert.equal(result.checkpoint, "it went on from its checkpoint");
      assert.deepEqual(await readdir(folder), ["entry"]);
      await rm(join(folder, "entry"));
    }
  });
}

test("replications before the checkpoint are not simulated again", async (context) => {
  // Windows that seem to take no time keep their length, so the looks can be counted.
  context.mock.method(performance, "now", () => 0);
  const looks = async (signal: { looks: number }) => {
    const counting = { throwIfAborted: () => void signal.looks++ } as AbortSignal;
    await recall(run, counting);
    await rm(join(folder, "entry"));
    return signal.looks;
  };
  await stopped(run, 20);
  const [rest, whole] = [await looks({ looks: 0 }), await looks({ looks: 0 })];
  assert.ok(rest < whole - 10, `${rest} of ${whole}`);
});

test("a damaged checkpoint and one of another run are reported and ignored", async () => {
  const expected = bytesOf(await execute(plain));
  await stopped(run, 12);
  const whole = await readFile(file);
  const flipped = Buffer.from(whole);
  flipped[flipped.length >> 1] ^= 1;
  const other = { ...run, entry: { ...run.entry!, key: "o".repeat(64) } };
  for (const [bytes, one, why] of [
    [flipped, run, "it is damaged"],
    [whole.subarray(0, 1000), run, "it is damaged"],
    [Buffer.from("nothing"), run, "it is cut off"],
    [whole, other, "it is of another run"],
  ] as const) {
    await writeFile(file, bytes);
    const result = await recall({ ...one, checkpointSeconds: 3600 });
    assert.equal(result.checkpoint, `its checkpoint was not used (${why}), and it began anew`);
    assert.deepEqual(bytesOf(result), expected);
    assert.equal(existsSync(file), false);
    await rm(join(folder, "entry"));
  }
});

test("a run without saving leaves no checkpoint", async () => {
  const { checkpointSeconds: _, ...unsaved } = run;
  await assert.rejects(recall(unsaved, stopAt(3)), { message: "stopped" });
  assert.deepEqual(await readdir(folder), []);
});

const settings = ["--servers", "1", "--replications", "1", "--only", "site=office", "--only", "spooler=buggy"];
const words = [
  "run",
  "q223863",
  ...settings,
  "--set",
  "horizonDays=10",
  "--set",
  "jobsPerDay=200",
  "--no-report",
  "--workers",
  "2",
];

test("a killed process continues with the same command, to the same tables", async () => {
  await spoolsim(folder, ...words, "--out", "whole", "--no-cache");
  // Of its hundred windows, about every third is saved.
  const instant = { signal: "SIGKILL", count: 15, file: "[0-9a-f]\\.checkpoint$", clockStepMs: 200 } as const;
  assert.equal((await startSignalled(folder, instant, [...words, "--checkpoint", "1s"]).ended).status, null);
  const checkpoints = async () =>
    (await readdir(join(folder, "results/.cache"), { recursive: true })).filter((name) =>
      /[0-9a-f]\.checkpoint$/.test(name),
    );
  assert.equal((await checkpoints()).length, 1);
  assert.deepEqual(await listCache(join(folder, "results/.cache")), []);
  const { status, stderr } = await spoolsim(folder, ...words, "--checkpoint", "10m");
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "spoolsim: design point 0, replication 0, servers 0 to 0: it went on from its checkpoint\n");
  assert.deepEqual(await checkpoints(), []);
  for (const table of ["servers.csv", "samples.csv", "runs.csv"]) {
    const [one, other] = [join(folder, "whole", table), join(folder, "results/q223863", table)];
    assert.equal(await readFile(other, "utf8"), await readFile(one, "utf8"));
  }
});

test("state that cannot be saved is refused", async () => {
  for (const [more, line] of [
    [["--checkpoint", "10"], '--checkpoint is "10"; it must be a time such as 30s, 10m or 1h'],
    [["--checkpoint", "0s"], '--checkpoint is "0s"; it must be a time such as 30s, 10m or 1h'],
    [["--checkpoint", "10m", "--no-cache"], "--checkpoint needs the cache; leave out --no-cache"],
    [
      ["--checkpoint", "10m", "--queue", "q", "--cache", "c"],
      "--checkpoint has no meaning with --queue, whose workers save nothing",
    ],
  ] as const) {
    const { status, stderr } = await spoolsim(folder, ...words, ...more);
    assert.deepEqual([status, stderr], [2, `spoolsim: ${line}\n`]);
  }
  await writeFile(
    join(folder, "hidden.mjs"),
    `export default {
      name: "hidden", meaning: "a model of closures", kinds: ["TICK"], parameters: {},
      responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks" }],
      create: (_values, { count }) => {
        const ticks = new Float64Array(count);
        return {
          columns: [ticks],
          start: (schedule) => ticks.forEach((_, server) => schedule.after(1000000, 0, server, 0)),
          handle: (kind, server, _object, schedule) => { ticks[server]++; schedule.after(1000000, 0, server, 0); },
          observe() {}, check() {},
        };
      },
    };`,
  );
  await writeFile(
    join(folder, "hidden.yaml"),
    "question: Does it tick?\nseed: h\nreplications: 1\nscenario:\n  model: ./hidden.mjs\n",
  );
  const { status, stderr } = await spoolsim(folder, "run", "hidden.yaml", "--checkpoint", "10m");
  assert.equal(status, 2);
  assert.match(stderr, /^spoolsim: hidden cannot be saved: .*add keepsStateInFields: true to the model\n$/);
});
