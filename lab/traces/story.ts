/**
 * The story of one leak: what happened to a job and its print processor, event by event, in the words of the article,
 * with what each event changed. It is told by the reference, whose patches are the changes.
 */
import type { Instance, Model } from "../../models/model.ts";
import { runThrough } from "../../models/barrier.ts";
import { kernelOf, traceOf, type ServerSelector, type TraceRow } from "./trace.ts";
import { UserError } from "../user-error.ts";

export interface Story {
  readonly place: ServerSelector;
  /** Which leak of the server this is, from 1, and how many there are until the horizon. */
  readonly leak: number;
  readonly leaks: number;
  readonly job: number;
  readonly instance: number;
  readonly lines: readonly StoryLine[];
}

export interface StoryLine {
  readonly time: number;
  readonly event: string;
  /** What happened, as a sentence without its full stop. */
  readonly sentence: string;
  /** What it changed, a few words each. */
  readonly changes: readonly string[];
}

const ORPHANED = /^orphaned/;

/** What the trace's words mean. */
const sentences: Readonly<Record<string, (row: TraceRow) => string>> = {
  SUBMIT: ({ job, detail }) => `job ${job} is submitted: ${detail}`,
  SPOOLED: ({ job }) => `job ${job} may be picked`,
  PP_OPEN: ({ job, instance, detail }) => `the port thread opens print processor ${instance} for job ${job}: ${detail}`,
  ALTER: ({ job, detail }) => `somebody alters job ${job}: ${detail}`,
  CTL_ENTER: ({ instance, detail }) => `the alteration enters print processor ${instance}: ${detail}`,
  RELOCK: ({ detail }) => `the alteration waits for the spooler's lock before it can leave: ${detail}`,
  CTL_EXIT: ({ instance, detail }) =>
    `the alteration leaves print processor ${instance}${detail === "" ? "" : `: ${detail}`}`,
  WAKE: ({ job }) => `the port thread, which was blocked by the pause, runs again with job ${job}`,
  BLOCKED: ({ job }) => `the port thread blocks again with job ${job}`,
  CLOSE_ATTEMPT: ({ instance, detail }) =>
    `the port thread attempts to close print processor ${instance}${ORPHANED.test(detail) ? skipped(detail) : `: ${detail}`}`,
  PRINTED: ({ job }) => `job ${job} counts as printed`,
  DELETED: ({ job }) => `job ${job} is deleted`,
  RESTARTED: ({ job }) => `job ${job} waits to be printed again`,
};

/** Why a close was skipped: in the words of the spooler's source, or what a spooler of somebody's own did. */
function skipped(detail: string): string {
  const [, why = detail, guard = "0"] = /^orphaned: (.*), guard (\d+)$/.exec(detail) ?? [];
  if (why.startsWith("spooler ")) return `; ${why} (guard ${guard}), and nobody ever will`;
  return `, but "${why}": it does not close it, and nobody ever will`;
}

/**
 * The leak-th leak (from 1) of the server until the horizon [us].
 * @throws UserError when there is no such leak, or the model cannot tell stories
 */
export function storyOf(place: ServerSelector, leak: number, horizon: number): Story {
  const { model } = place.resolved;
  if (model.reference === undefined)
    throw new UserError(`${model.name} has no reference; only a model that has one can be explained`);
  const leaks = leaksOf(place, horizon);
  if (leak > leaks) {
    const until = `${horizon / 86400e6} days`;
    throw new UserError(`leak ${leak} is asked for, but server ${place.server} has ${leaks} of them in ${until}`);
  }
  const rows = [...rowsUntilLeak(place, leak, horizon)];
  const last = rows.filter(isLeak)[leak - 1];
  const lines = rows.filter((row) => row.job === last.job && row.event !== "OUTLIVED").map(lineOf);
  return { place, leak, leaks, job: last.job!, instance: last.instance!, lines };
}

/** How many print processors leak at the server until the horizon [us], by the kernel. */
export function leaksOf(place: ServerSelector, horizon: number): number {
  const { simulation, instance, subject } = kernelOf(place);
  runThrough(simulation, instance.controller, horizon);
  instance.observe(horizon);
  return columnOf(place.resolved.model, instance, "processorsLeaked", subject);
}

function columnOf(model: Model, instance: Instance, response: string, subject: number): number {
  const at = model.responses.findIndex(({ name }) => name === response);
  return at === -1 ? 0 : instance.columns[at][subject];
}

/** Whether a print processor is orphaned by the event. */
export function isLeak({ detail }: TraceRow): boolean {
  return ORPHANED.test(detail);
}

/** The rows up to the wanted leak, and on until every alteration has left its print processor and its job is done. */
function* rowsUntilLeak(place: ServerSelector, leak: number, horizon: number): Iterable<TraceRow> {
  let seen = 0;
  let leaked: TraceRow | undefined;
  let inside = 0;
  for (const row of traceOf(place, horizon)) {
    if (leaked === undefined && isLeak(row) && ++seen === leak) leaked = row;
    // The guard is up for as long as somebody is inside; of the time before the leak it is counted from here.
    if (leaked === row) inside = Number(/guard (\d+)/.exec(row.detail)?.[1] ?? 1);
    else if (leaked !== undefined && row.instance === leaked.instance && row.event === "CTL_EXIT") inside--;
    yield row;
    if (leaked !== undefined && (inside <= 0 || row.time > leaked.time + STORY_US_MAX)) return;
  }
}

/** A sticky guard is never lowered; the story ends all the same. */
const STORY_US_MAX = 60e6;

function lineOf(row: TraceRow): StoryLine {
  const sentence = sentences[row.event]?.(row) ?? `${row.event}${row.detail === "" ? "" : `: ${row.detail}`}`;
  const changes = row.patches.flatMap(({ path, value }) => {
    const word = path.at(-1);
    if (path[0] === "counts" && typeof value === "number" && !BOOKKEEPING.has(String(word)))
      return [`${word} = ${value}`];
    if (path[0] === "instances" && word === "guard") return [`guard of print processor ${path[1]} = ${value}`];
    return [];
  });
  return { time: row.time, event: row.event, sentence, changes };
}

/** Counts that move with nearly every event and say nothing of a leak. */
const BOOKKEEPING = new Set([
  "lockRequests",
  "lockWaitUs",
  "jobsExisting",
  "jobsSubmitted",
  "alterations",
  "controlEntries",
  "guardUs",
]);
