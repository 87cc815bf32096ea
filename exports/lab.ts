/** `import ... from "spoolsim/lab"`: experiments for programs: load or describe one, run it, read its tables. */
export { buildExperiment, loadExperiment } from "../lab/experiment/load.ts";
export { withOverrides, type Overrides } from "../lab/experiment/override.ts";
export type { Experiment } from "../lab/experiment/experiment.ts";
export { runInMemory, type InMemoryOptions } from "../lab/in-memory.ts";
export type { Cells, InMemory } from "../lab/tabulate.ts";
export type { Findings } from "../lab/analysis/findings.ts";
export { checkDeterminism } from "../lab/execution/determinism.ts";
export { BrokenInvariant } from "../lab/execution/run.ts";
export { UserError } from "../lab/user-error.ts";
