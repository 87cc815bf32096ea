/**
 * cli/cluster.ts: the scripts compute an experiment in parts and write the bytes of one machine; parts that are missing
 * are listed again. Engines that are not installed have their files checked against what they accept.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { needs } from "../support/programs.ts";
import { needsSlurm, startSlurm } from "../support/slurm.ts";
import { spoolsim, spoolsimAlone, timeout } from "../support/spoolsim.ts";
import { textsOf } from "../support/texts.ts";

const run = promisify(execFile);
const needsParallel = needs("GNU parallel", "parallel");
/** 4 design points, 2 replications: 8 runs. */
const small = ["mm1", "--quick", "--set", "horizonDays=0.02"];

let base: string;
/** The folder of a job, with a space in its name. */
let job: string;
/** What one machine writes. */
let expected: Record<string, string>;

before(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-cluster-"));
  await spoolsim(base, "run", ...small, "--no-cache", "--no-report", "--workers", "1", "--out", "whole");
  expected = await tablesOf(join(base, "whole"));
});

after(() => rm(base, { recursive: true }));

/** Both write the tables; only the merge writes a report. */
const tablesOf = (folder: string) => textsOf(folder, (name) => /\.(csv|json)$/.test(name) && name !== "manifest.json");

let jobs = 0;

beforeEach(() => {
  job = join(base, `job ${jobs++}`);
});

async function cluster(engine: string, ...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await spoolsim(base, "cluster", engine, ...small, "--out", job, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout;
}

const listed = () => readFile(join(job, "parts.txt"), "utf8");

test("the parts and the merge are scripts, and missing parts are listed again", { timeout }, async () => {
  assert.match(await cluster("parallel", "--tasks", "3"), /^3 parts to compute; .*submit\.sh submits them/);
  assert.equal(await listed(), "1/3\n2/3\n3/3\n");
  for (const part of ["1/3", "3/3"]) await run(join(job, "part.sh"), [part]);
  assert.match(await cluster("parallel", "--tasks", "3", "--missing"), /^1 part to compute/);
  assert.equal(await listed(), "2/3\n");
  await run(join(job, "part.sh"), ["2/3", "2"]);
  assert.match(await cluster("parallel", "--tasks", "3", "--missing"), /^no part is missing; .*merge\.sh writes/);
  const { stdout } = await run(join(job, "merge.sh"));
  assert.match(stdout, /^8 of 8 runs from the cache$/m);
  assert.deepEqual(await tablesOf(join(job, "results")), expected);
});

test("missing parts are not listed for another experiment than that of the scripts", { timeout }, async () => {
  await cluster("parallel", "--tasks", "2");
  const words = ["cluster", "parallel", ...small, "--out", job, "--tasks", "2", "--missing"];
  for (const change of [
    ["--seed", "5"],
    ["--replications", "1"],
  ]) {
    const { status, stderr } = await spoolsim(base, ...words, ...change);
    assert.equal(status, 2);
    assert.match(stderr, /part\.sh does not compute this experiment: it has no line with "run mm1 --[^"]+"\n$/);
  }
  const quick = `${job}-quick`;
  await spoolsim(base, "cluster", "parallel", "mm1", "--quick", "--out", quick, "--tasks", "2");
  const whole = await spoolsim(base, "cluster", "parallel", "mm1", "--out", quick, "--tasks", "2", "--missing");
  assert.deepEqual([whole.status, /it has no line with "run mm1"\n$/.test(whole.stderr)], [2, true]);
  const other = await spoolsim(base, ...words.with(1, "slurm"));
  assert.deepEqual([other.status, /has scripts for parallel, not for slurm; /.test(other.stderr)], [2, true]);
  assert.equal(await listed(), "1/2\n2/2\n");
});

test("the jobs trust the modules that the command trusts", { timeout }, async () => {
  const own =
    'export default { name: "own", meaning: "-", open() {}, close() {}, enterAlteration() {}, leaveAlteration() {} };';
  await writeFile(join(base, "own.mjs"), own);
  const scenario = "{model: print-servers, horizonDays: 0.01, parameters: {spooler: ./own.mjs}}";
  await writeFile(join(base, "own.yaml"), `question: q\nseed: 1\nreplications: 1\nscenario: ${scenario}\n`);
  await spoolsim(base, "run", "own.yaml", "--no-cache", "--no-report", "--workers", "1", "--out", "own");
  for (const trust of [["--trust"], ["--trust", "own.mjs"]]) {
    const folder = `${job} ${trust.length}`;
    const words = ["cluster", "parallel", "./own", "--tasks", "1", "--out", folder, ...trust];
    assert.equal((await spoolsimAlone(base, ...words)).status, 0);
    assert.match((await run(join(folder, "part.sh"), ["1/1"])).stdout, /^part 1 of 1 is in /);
  }
});

test("scripts that may have been changed are not replaced", { timeout }, async () => {
  const words = ["cluster", "slurm", ...small, "--tasks", "2", "--out", job];
  const none = await spoolsim(base, ...words, "--missing");
  assert.deepEqual([none.status, /submit\.sh does not exist; --missing continues/.test(none.stderr)], [2, true]);
  await cluster("slurm", "--tasks", "2");
  await writeFile(join(job, "parts.sbatch"), "changed");
  const again = await spoolsim(base, ...words);
  assert.deepEqual([again.status, /submit\.sh exists; .* --missing/.test(again.stderr)], [2, true]);
  await cluster("slurm", "--tasks", "4", "--missing");
  assert.equal(await readFile(join(job, "parts.sbatch"), "utf8"), "changed");
  assert.equal(await listed(), "1/4\n2/4\n3/4\n4/4\n");
});

test(`GNU parallel computes the parts and writes the same bytes as one machine${needsParallel}`, {
  timeout,
}, async () => {
  if (needsParallel !== "") return;
  job += " of {} and $(x)";
  await cluster("parallel", "--tasks", "2");
  await run(join(job, "submit.sh"), ["--jobs", "2"], { env: { ...process.env, HOME: base } });
  assert.deepEqual(await tablesOf(join(job, "results")), expected);
});

test(`Slurm computes an array and its lost parts again, to the same bytes${needsSlurm}`, { timeout }, async () => {
  if (needsSlurm !== "") return;
  const slurm = await startSlurm(join(base, "slurm"));
  try {
    await cluster("slurm", "--tasks", "2");
    const script = await readFile(join(job, "parts.sbatch"), "utf8");
    // A node fails: the second part is lost, and the merge, which depends on all parts, does not begin.
    await writeFile(join(job, "parts.sbatch"), script.replace("set -eu", 'set -eu\n[ "$SLURM_ARRAY_TASK_ID" != 2 ]'));
    await run(join(job, "submit.sh"), { env: slurm.env });
    await slurm.idle();
    assert.ok(!(await readdir(job)).includes("results"));
    assert.match(await cluster("slurm", "--tasks", "2", "--missing"), /^1 part to compute/);
    assert.equal(await listed(), "2/2\n");
    await writeFile(join(job, "parts.sbatch"), script);
    await run(join(job, "submit.sh"), { env: slurm.env });
    await slurm.idle();
    assert.match(await readFile(join(job, "merge.log"), "utf8"), /^8 of 8 runs from the cache$/m);
    assert.deepEqual(await tablesOf(join(job, "results")), expected);
  } finally {
    await slurm.stop();
  }
});

/** What the API of Kubernetes knows of a Job (batch/v1), as far as ours goes; anything else is refused. */
const jobSchema = z.strictObject({
  apiVersion: z.literal("batch/v1"),
  kind: z.literal("Job"),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/) }),
  spec: z.strictObject({
    completionMode: z.literal("Indexed").optional(),
    completions: z.int().positive().optional(),
    parallelism: z.int().positive().optional(),
    backoffLimit: z.int().optional(),
    backoffLimitPerIndex: z.int().optional(),
    template: z.strictObject({
      spec: z.strictObject({
        restartPolicy: z.literal("Never"),
        containers: z.tuple([
          z.strictObject({
            name: z.string(),
            image: z.string(),
            workingDir: z.string().startsWith("/"),
            command: z.tuple([z.literal("/bin/sh"), z.literal("-c"), z.string()]),
            resources: z.strictObject({
              requests: z.strictObject({ cpu: z.string(), memory: z.string().regex(/^\d+[KMG]i$/) }),
              limits: z.strictObject({ memory: z.string().regex(/^\d+[KMG]i$/) }),
            }),
            volumeMounts: z.tuple([z.strictObject({ name: z.literal("shared"), mountPath: z.string() })]),
          }),
        ]),
        volumes: z.tuple([
          z.strictObject({
            name: z.literal("shared"),
            persistentVolumeClaim: z.strictObject({ claimName: z.string() }),
          }),
        ]),
      }),
    }),
  }),
});

test("Kubernetes gets Jobs of its API whose index selects a line of the list", { timeout }, async () => {
  await cluster("kubernetes", "--tasks", "3");
  const [parts, merge] = await Promise.all(
    ["parts.yaml", "merge.yaml"].map(async (name) => {
      return jobSchema.parse(parse(await readFile(join(job, name), "utf8")));
    }),
  );
  assert.deepEqual([parts.spec.completionMode, merge.spec.completionMode], ["Indexed", undefined]);
  // The command of a pod, run here with a part.sh that prints its arguments.
  await writeFile(join(job, "part.sh"), '#!/bin/sh\necho "$1"\n', { mode: 0o755 });
  const [container] = parts.spec.template.spec.containers;
  const { stdout } = await run("/bin/sh", container.command.slice(1), { cwd: job, env: { JOB_COMPLETION_INDEX: "2" } });
  assert.equal(stdout, "3/3\n");
});

/** Commands of a submit description, as HTCondor's manual lists them. */
const condorCommands = [
  "executable",
  "arguments",
  "output",
  "error",
  "log",
  "request_cpus",
  "request_memory",
  "should_transfer_files",
  "max_retries",
];

test("HTCondor gets submit descriptions and a DAG in its grammar", { timeout }, async () => {
  await cluster("htcondor", "--tasks", "3");
  for (const [name, queue] of [
    ["parts.sub", "queue part from parts.txt"],
    ["merge.sub", "queue"],
  ]) {
    const lines = (await readFile(join(job, name), "utf8")).split("\n").filter((line) => !/^(#.*)?$/.test(line));
    assert.equal(lines.pop(), queue);
    for (const line of lines) assert.ok(condorCommands.includes(/^(\w+) = \S/.exec(line)?.[1] ?? ""), line);
  }
  const dag = (await readFile(join(job, "job.dag"), "utf8")).split("\n").slice(1, -1);
  assert.deepEqual(dag, ["JOB parts parts.sub", "JOB merge merge.sub", "PARENT parts CHILD merge"]);
});

for (const engine of ["slurm", "parallel", "kubernetes", "htcondor"]) {
  test(`the scripts for ${engine} run in a POSIX shell`, { timeout }, async () => {
    await cluster(engine, "--tasks", "2");
    const names = (await readdir(job)).filter((name) => /\.(sh|sbatch)$/.test(name));
    assert.ok(names.includes("submit.sh"));
    for (const name of names) await run("/bin/sh", ["-n", join(job, name)]);
  });
}
