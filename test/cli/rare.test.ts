/** spoolsim rare: what it prints by each method, and what it refuses. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { probabilityText } from "../../cli/rare.ts";
import { spoolsim } from "../support/spoolsim.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-rare-"));
  await writeFile(
    join(folder, "quiet.yaml"),
    `question: Does any server leak at all?
seed: rare
replications: 2
scenario:
  {model: print-servers, servers: 10, horizonDays: 1, parameters: {jobsPerDay: 500, deleteShare: 1e-5}}
`,
  );
});
after(() => rm(folder, { recursive: true }));

test("a leak is simulated by thinning, another response by splitting, and each reports its cost", async () => {
  const shares = ["pauseDeleteShare", "restartShare", "pauseResumeShare"].flatMap((name) => ["--set", `${name}=0`]);
  const leak = await spoolsim(
    folder,
    "rare",
    "quiet.yaml",
    "--where",
    "processorsLeaked >= 1",
    ...shares,
    "--workers",
    "1",
  );
  assert.deepEqual([leak.status, leak.stderr], [0, ""]);
  assert.match(leak.stdout, /^processorsLeaked >= 1 within 1 day\n\nprobability for one server: 0\.00/);
  assert.match(leak.stdout, /for at least one of 1000 servers: 0\.\d+ \(0\.\d+ \.\. 0\.\d+\)\n/);
  assert.match(leak.stdout, /by thinning: 1\.00e\+4 times the shares.*, 20 servers.*; plain simulation: \d+ times/);
  const words = ["--where", "jobsExisting >= 3", "--trajectories", "5", "--fleet", "7", "--workers", "1"];
  const crowd = await spoolsim(folder, "rare", "quiet.yaml", ...words);
  assert.match(crowd.stdout, /for at least one of 7 servers: .*\n\nby splitting: 5 trajectories from each step/);
});

test("invalid arguments end with 2 and one line", async () => {
  for (const [words, message] of [
    [[], /^spoolsim: --where is missing; spoolsim rare --help says more/],
    [["--where", "leaks"], /^spoolsim: --where leaks: a condition compares a response with a number/],
    [["--where", "jobsPrinted > 1", "--by", "thinning"], /^spoolsim: jobsPrinted cannot be thinned/],
    [["--where", "jobsPrinted > 1", "--by", "luck"], /^spoolsim: --by is luck; it is one of/],
    [["--where", "jobsPrinted > 1", "--trajectories", "1"], /^spoolsim: --trajectories is 1/],
  ] as const) {
    const { status, stderr } = await spoolsim(folder, "rare", "quiet.yaml", ...words);
    assert.equal(status, 2, words.join(" "));
    assert.match(stderr, message);
  }
});

test("a probability near 1 has the digits of what is missing to 1", () => {
  const of = (value: number, lower: number, upper: number) => probabilityText({ value, lower, upper });
  assert.equal(of(0.9995, 0.9991, 0.99983), "0.99950 (0.99910 .. 0.99983)");
  assert.equal(of(0.97, 0.931, 0.9995), "0.970 (0.931 .. 0.99950)");
  assert.equal(of(0.091, 0.0884, 0.0937), "0.0910 (0.0884 .. 0.0937)");
  assert.equal(of(1, 1 - 1e-12, 1), "1 (0.9999999999990 .. 1)");
});
