/** Results of small experiments, run in no time. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CacheSpace } from "../../lab/execution/cache.ts";
import { runExperiment } from "../../lab/run-experiment.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";

/** Two sites of few jobs, one of which runs out of printer DCs within hours; with the fix and without it. */
export const leaking = `
question: "Does <it> leak & hurt?"
seed: small
replications: 3
scenario:
  model: print-servers
  servers: 3
  horizonDays: 3
  sampleEveryHours: 12
  parameters: {jobsPerDay: 150, profile: flat, controlMsMedian: 300, pauseDeleteShare: 0.5, textShare: 1, emfShare: 0}
factors:
  dcs: {many: {dcsMax: 20000}, few: {dcsMax: 60}}
  spooler: [buggy, fixed]
compare: {factor: spooler, baseline: buggy, against: fixed}
`;

/** Three ways to run a server, compared in what they cost. */
export const policies = `
question: Which policy costs least?
seed: small
replications: 2
scenario:
  model: print-servers
  servers: 1
  horizonDays: 4
  sampleEveryHours: 24
  parameters: {jobsPerDay: 100, profile: flat, pauseDeleteShare: 0.5}
factors: {policy: {wait: {restartEveryHours: 0}, weekly: {restartEveryHours: 72}, nightly: {restartEveryHours: 24}}}
compare: {factor: policy, baseline: wait, responses: [staffUs, downtimeUs]}
`;

/** Queues, which leak nothing. */
export const queues = `
question: Is the wait what theory says?
seed: small
replications: 4
scenario: {model: mm1, servers: 2, horizonDays: 0.05, sampleEveryHours: 0.2}
factors: {servicesPerSecond: [1, 2, 4]}
`;

/** One fleet, once: no factor, no interval, no comparison. */
export const single = `
question: What does one fleet do?
seed: small
replications: 1
scenario: {model: print-servers, servers: 2, horizonDays: 1, sampleEveryHours: 6, parameters: {jobsPerDay: 100}}
`;

/** Runs the experiment into a folder of its own, and keeps its runs in a cache; whoever asks removes it. */
export async function resultsOf(yaml: string, name = "small", cache?: CacheSpace): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-results-"));
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, yaml);
  const out = join(folder, "results");
  const { signal } = new AbortController();
  const experiment = await loadExperiment(file);
  const machine = { workers: 1, sliceSize: 64, signal };
  await runExperiment(experiment, { ...machine, out, force: false, command: "spoolsim run small", cache });
  return out;
}

/** Removes what resultsOf made. */
export async function remove(results: string): Promise<void> {
  await rm(join(results, ".."), { recursive: true, force: true });
}
