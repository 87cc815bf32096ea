/**
 * Whether a run gives the same events, digests and samples twice.
 *
 * The models that ship do, because the house rules forbid whatever could differ. A user's module may call Math.random,
 * read Date, or share state between instances, and only a second run shows that. Except in a coordinated fleet, the
 * second run simulates one server at a time, so it also finds servers that depend on their neighbours.
 */
import type { Experiment } from "../experiment/experiment.ts";
import { designPoints } from "../experiment/design.ts";
import { UserError } from "../user-error.ts";
import { digestText } from "../../sim/digest.ts";
import { modulePathsOf, resolveScenario } from "../experiment/scenario.ts";
import { failureOf } from "./failure.ts";
import { execute, SLICE_SIZE, type Run, type RunResult } from "./run.ts";
import { itemAt } from "../lists.ts";

/**
 * Simulates the run twice.
 *
 * @returns the result, if both are the same
 * @throws UserError that names the modules if they differ; what execute throws
 */
export async function runTwice(run: Run, signal?: AbortSignal): Promise<RunResult> {
  const executed = (sliceSize: number) =>
    execute({ ...run, sliceSize }, signal).catch((error: unknown) => {
      throw failureOf(run, error);
    });
  const [first, second] = [await executed(SLICE_SIZE), await executed(1)];
  const server = serverThatDiffers(first, second);
  if (server === undefined) return first;
  const who = modulePathsOf(run.scenario).join(" and ") || run.scenario.model;
  throw new UserError(
    `${who}: a second run of replication ${run.replication} differs at server ${run.first + server} ` +
      `(${await differenceOf(run, first, second, server)}); what happens may depend on the streams and the server's own past, ` +
      "not on Math.random, Date, other servers or what an earlier instance left behind",
  );
}

/**
 * Simulates the first replication of each design point twice.
 *
 * @throws UserError that names the modules when they differ
 * @example
 * await checkDeterminism(await loadExperiment("./pool.yaml"));
 */
export async function checkDeterminism(experiment: Experiment, signal?: AbortSignal): Promise<void> {
  const { seed } = experiment;
  for (const { index, scenario } of await designPoints(experiment)) {
    const { servers: count } = scenario;
    await runTwice({ point: index, replication: 0, seed, scenario, first: 0, count, sliceSize: SLICE_SIZE }, signal);
  }
}

/** What differs at the server: its events by their digests, or the first response of which a sample differs. */
async function differenceOf(run: Run, first: RunResult, second: RunResult, server: number): Promise<string> {
  const of = ({ digestLow, digestHigh }: RunResult) =>
    digestText(itemAt(digestLow, server), itemAt(digestHigh, server));
  if (of(first) !== of(second)) return `digests ${of(first)} and ${of(second)}`;
  const { responses } = (await resolveScenario(run.scenario)).model;
  const at = first.samples.findIndex((value, index) => {
    return index % first.count === server && !Object.is(value, second.samples[index]);
  });
  if (at === -1) return "another number of events";
  const { name } = itemAt(responses, Math.floor(at / first.count) % responses.length);
  return `${name} ${first.samples[at]} and ${second.samples[at]}, after the same events`;
}

/** The index of the first server whose events or samples differ. */
function serverThatDiffers(first: RunResult, second: RunResult): number | undefined {
  const columns = (result: RunResult) => [result.eventCounts, result.digestLow, result.digestHigh, result.samples];
  const others = columns(second);
  for (const [i, column] of columns(first).entries()) {
    const at = column.findIndex((value, index) => !Object.is(value, itemAt(others, i)[index]));
    if (at !== -1) return at % first.count;
  }
  return undefined;
}
