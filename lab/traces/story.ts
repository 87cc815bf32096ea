/**
 * The story of one leak: what happened to a job, event by event, in the words of the model's narrative, with the
 * changes of each event, which are the patches of the reference.
 */
import { US_PER_DAY, US_PER_MINUTE } from "../../sim/time-units.ts";
import type { Model } from "../../models/model.ts";
import type { Narrative } from "../../models/contract/narrative.ts";
import { runThrough } from "../../models/barrier.ts";
import { kernelOf, traceOf, type ServerSelector, type TraceRow } from "./trace.ts";
import { BrokenInvariant } from "../execution/run.ts";
import { counted } from "../reports/format.ts";
import { UserError } from "../user-error.ts";
import { itemAt } from "../lists.ts";

export interface Story {
  readonly selector: ServerSelector;
  /** The number of the leak on its server, from 1, and the number of leaks by the horizon. */
  readonly leak: number;
  readonly leaks: number;
  /** What leaked, in a few words. */
  readonly subject: string;
  readonly job: number | undefined;
  readonly instance: number | undefined;
  readonly lines: readonly StoryLine[];
  /** The events of its job up to the end of the story, and the index of the leak among them. */
  readonly events: readonly TraceRow[];
  readonly leaked: TraceRow;
}

export interface StoryLine {
  readonly time: number;
  readonly event: string;
  /** What happened, as a sentence without its full stop. */
  readonly sentence: string;
  /** What it changed, in a few words each. */
  readonly changes: readonly string[];
}

/**
 * Tells the leak-th leak (from 1) of the server before the horizon [us].
 *
 * @throws UserError when there is no such leak, or the model has no narrative
 */
export function storyOf(selector: ServerSelector, leak: number, horizon: number): Story {
  const narrative = narrativeOf(selector.resolved.model);
  const { leaks, leakedAfter } = countLeaks(selector, horizon, leak);
  if (leak > leaks) {
    const until = counted(horizon / US_PER_DAY, "day");
    throw new UserError(`leak ${leak} does not exist; server ${selector.server} has ${leaks} in ${until}`);
  }
  const { rows, last } = rowsOfLeak(selector, narrative, leak, leakedAfter - WINDOW_US, horizon);
  const events = rows.filter(({ job }) => job === last.job);
  const lines = events.flatMap((row): StoryLine[] => {
    const sentence = narrative.sentence(row);
    return sentence === undefined
      ? []
      : [{ time: row.time, event: row.event, sentence, changes: narrative.changes(row) }];
  });
  const { job, instance } = last;
  return { selector, leak, leaks, subject: narrative.subject(last), job, instance, lines, events, leaked: last };
}

/**
 * The narrative of a model, which tells the events of its reference.
 *
 * @throws UserError when one of the two is missing
 */
export function narrativeOf({ name, narrative, reference }: Model): Narrative {
  if (narrative !== undefined && reference !== undefined) return narrative;
  const missing = narrative === undefined ? "narrative" : "reference";
  throw new UserError(`${name} has no ${missing}, which explain needs; spoolsim trace writes the events of a server`);
}

/** The events of a job before `until` [us], without their changes. */
export function eventsOfJob(selector: ServerSelector, job: number | undefined, until: number): TraceRow[] {
  const events: TraceRow[] = [];
  for (const row of traceOf(selector, until)) if (row.job === job) events.push(row);
  return events;
}

/** A typical leak is one of so many first ones. */
export const TYPICAL_OF = 7;
/** The most events among which a typical leak is looked for. */
const TYPICAL_EVENTS_MAX = 50_000;

/**
 * The number, from 1, of a typical leak: its story is neither short nor long among those of the server's first leaks,
 * and its job was altered once, if there is such a job.
 */
export function typicalLeak(selector: ServerSelector, horizon: number): number {
  const { narrative } = selector.resolved.model;
  if (narrative === undefined) return 1;
  const altered = new Map<number | undefined, number>();
  const again = new Set<number | undefined>();
  const stories: { leak: number; isPlain: boolean; begin: number; length: number }[] = [];
  const open = new Map<(row: TraceRow) => boolean, (typeof stories)[number]>();
  let events = 0;
  for (const row of traceOf(selector, horizon)) {
    if (++events > TYPICAL_EVENTS_MAX) break;
    if (narrative.begins?.(row) === true) {
      if (altered.has(row.job)) again.add(row.job);
      altered.set(row.job, row.time);
    }
    if (narrative.isLeak(row) && stories.length < TYPICAL_OF) {
      const [leak, begin] = [stories.length + 1, altered.get(row.job) ?? row.time];
      const story = { leak, isPlain: !again.has(row.job), begin, length: STORY_US_MAX };
      stories.push(story);
      open.set(narrative.follow?.(row) ?? (() => true), story);
    }
    for (const [isOver, story] of open) {
      if (!isOver(row) && row.time - story.begin < STORY_US_MAX) continue;
      story.length = row.time - story.begin;
      open.delete(isOver);
    }
    if (stories.length === TYPICAL_OF && open.size === 0) break;
  }
  const plain = stories.filter(({ isPlain }) => isPlain);
  return typicalOf(plain.length > 0 ? plain : stories, ({ length }) => length)?.leak ?? 1;
}

/** The one of median length, the shorter of two; undefined of none. */
export function typicalOf<One>(all: readonly One[], lengthOf: (one: One) => number): One | undefined {
  return [...all].sort((a, b) => lengthOf(a) - lengthOf(b))[Math.floor((all.length - 1) / 2)];
}

/** The number of leaks of the server by the horizon [us], according to the kernel. */
export function leaksOf(selector: ServerSelector, horizon: number): number {
  return countLeaks(selector, horizon, Infinity).leaks;
}

/** The kernel looks for a leak in windows of this length, in which most jobs are printed [us]. */
const WINDOW_US = 600e6;

/** The leaks until the horizon [us], and the start of the window in which the leak-th happened. */
function countLeaks(selector: ServerSelector, horizon: number, leak: number) {
  const { model } = selector.resolved;
  const at = model.responses.findIndex(({ name }) => name === model.narrative?.leaks);
  if (at === -1) return { leaks: 0, leakedAfter: 0 };
  const { simulation, instance, subject } = kernelOf(selector);
  const leaksBefore = (until: number) => {
    runThrough(simulation, instance.controller, until);
    instance.observe(until);
    return itemAt(itemAt(instance.columns, at), subject);
  };
  let leakedAfter = 0;
  while (leak < Infinity && leakedAfter + WINDOW_US < horizon && leaksBefore(leakedAfter + WINDOW_US) < leak) {
    leakedAfter += WINDOW_US;
  }
  return { leaks: leaksBefore(horizon), leakedAfter };
}

/** A story without an end, such as that of a guard that is never lowered, is cut off this long after its leak [us]. */
export const STORY_US_MAX = US_PER_MINUTE;

/**
 * The rows from the first event of the leaking job to the end of its story.
 *
 * @param from a time before the submission of that job [us]; if the job is older, the reference runs twice
 */
function rowsOfLeak(selector: ServerSelector, narrative: Narrative, leak: number, from: number, horizon: number) {
  const submittedAt = new Map<number | undefined, number>();
  const rows: TraceRow[] = [];
  let seen = 0;
  let last: TraceRow | undefined;
  let isOver = (_: TraceRow) => true;
  for (const row of traceOf(selector, horizon, from)) {
    const first = submittedAt.get(row.job) ?? row.time;
    submittedAt.set(row.job, first);
    if (row.time >= from) rows.push(row);
    if (narrative.isLeak(row) && ++seen === leak) {
      if (first < from) return rowsOfLeak(selector, narrative, leak, first, horizon);
      last = row;
      isOver = narrative.follow?.(row) ?? isOver;
    }
    if (last !== undefined && (isOver(row) || row.time > last.time + STORY_US_MAX)) return { rows, last };
  }
  if (last !== undefined) return { rows, last };
  throw new BrokenInvariant(`the kernel counts more leaks of server ${selector.server} than the reference has events`);
}
