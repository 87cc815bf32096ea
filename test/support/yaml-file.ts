/** An experiment that a test writes as YAML, in a file x.yaml of its own, and what its mistakes say. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Experiment } from "../../lab/experiment/experiment.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";

export const folder = mkdtempSync(join(tmpdir(), "spoolsim-yaml-"));
export const file = join(folder, "x.yaml");
// Not in a hook: several test files share a process, and the hook of the first would remove the others' folder.
process.on("exit", () => rmSync(folder, { recursive: true }));

/** The lines without which no experiment loads, but for its scenario. */
export const head = "question: q\nseed: a\n";

/** An experiment with factors of both kinds, a comparison and a quick size. */
export const yaml = `# An experiment.
question: How much does the fix save?
seed: 42
replications: 5
scenario:
  model: print-servers
  servers: 3
  horizonDays: 28
  parameters: {site: office}
factors:
  spooler: [buggy, fixed]
  load:
    10: {jobsPerDay: 500}
    9: {parameters.jobsPerDay: 5000, sampleEveryHours: 1}
compare: {factor: spooler, baseline: buggy, against: fixed}
quick: {replications: 2, servers: 1, horizonDays: 2, pagesMean: 2}
`;

export function load(text: string): Promise<Experiment> {
  writeFileSync(file, text);
  return loadExperiment(file);
}

/** The mistake has this message; the file is called x.yaml in it, wherever it is. */
export function saying(message: string) {
  return (error: Error) => {
    assert.equal(error.name, "UserError");
    assert.equal(error.message.replace(/^\S*x\.yaml/, "x.yaml"), message);
    return true;
  };
}
