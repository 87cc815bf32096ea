/** A server in words: the story of a leak, and the script of its draws. */
import type { Time } from "../../sim/event-list.ts";
import type { OpenStreams } from "./instance.ts";
import type { Parameters, Values } from "./parameters.ts";
import type { StoryPicture } from "./pictures.ts";
import type { TraceEvent } from "./reference.ts";

/** How the story of one leak follows from the events of the reference. */
export interface Narrative {
  /** The response that counts the leaks. */
  readonly leaks: string;
  /** Whether this event is a leak. The story is about the job of the event. */
  readonly isLeak: (event: TraceEvent) => boolean;
  /** Whether this event may lead to a leak of its job. Stepping through events starts here. */
  readonly begins?: (event: TraceEvent) => boolean;
  /** Why it leaked, as the title of an instant on a timeline. */
  readonly cause: (leak: TraceEvent) => string;
  /** What leaked, in a few words: "job 7 and its print processor 3". */
  readonly subject: (leak: TraceEvent) => string;
  /** A sentence without its full stop; undefined if the story is better without this event. */
  readonly sentence: (event: TraceEvent) => string | undefined;
  /** The changes that matter to the story, each in a few words: "guard of print processor 3 = 1". */
  readonly changes: (event: TraceEvent) => readonly string[];
  /**
   * Called with the leak. The result is called with the leak and each later event, and returns true when the story is
   * over. Without it, the story ends with the leak.
   */
  readonly follow?: (leak: TraceEvent) => (event: TraceEvent) => boolean;
  /** Draws the story from the events of its job, in order; their patches may be missing. */
  readonly picture?: (events: readonly TraceEvent[]) => StoryPicture;
}

/** How the draws of a server are written as a script, which a parameter accepts in place of draws. */
export interface Scripted<V = Values<Parameters>> {
  /** The parameter that accepts the lines of a script; if it is "", everything is drawn. */
  readonly parameter: string;
  /** The script of the draws that the server of the streams makes before `until` [us], in order of time. */
  readonly record: (values: V, open: OpenStreams, until: Time) => Iterable<string>;
  /** Simpler lines that may replace this one, the simplest first. */
  readonly simpler: (line: string) => readonly string[];
  /** The events (`TraceEvent.event`) that are steps of a script when it is put into words. */
  readonly steps: ReadonlySet<string>;
}
