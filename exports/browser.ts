/**
 * `import ... from "spoolsim/browser"`: experiments in a page, on the page's own thread or in Web Workers. There is
 * nothing of Node in it; a bundler brings it, and the packages that it needs, into one file.
 *
 * @example
 * const experiment = withOverrides(readExperiment("mine", text), { replications: 2 });
 * const { tables, findings } = await runInMemory(experiment);
 * console.log(findings.digest, await csvOf(tables.servers));
 */
export { readExperiment } from "../lab/experiment/read.ts";
export { withOverrides, type Overrides } from "../lab/experiment/override.ts";
export type { Experiment } from "../lab/experiment/experiment.ts";
export { BrokenInvariant, type Run, type Runner, type RunResult } from "../lab/execution/run.ts";
export { answerRuns, webRunner, type MessageEnd, type WorkerEnd } from "../lab/execution/web-runner.ts";
export { csvOf, tabulate as runInMemory, type Cells, type InMemory, type TabulateOptions } from "../lab/tabulate.ts";
export type { Findings } from "../lab/analysis/findings.ts";
export { UserError } from "../lab/user-error.ts";
