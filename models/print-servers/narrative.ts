/** The story of a leak: the events that belong to it, and their wording. */
import type { Narrative } from "../contract/narrative.ts";
import type { TraceEvent } from "../contract/reference.ts";
import type { ResponseName } from "./responses.ts";
import { storyPicture } from "./story-picture.ts";

const ORPHANED = /^orphaned/;

/** The meaning of events of a trace, in the words of the article. */
const sentences: Readonly<Record<string, (event: TraceEvent) => string>> = {
  SUBMIT: ({ job, detail }) => `job ${job} is submitted: ${detail}`,
  SPOOLED: ({ job }) => `job ${job} may now be picked by a port thread`,
  PP_OPEN: ({ job, instance, detail }) => `the port thread opens print processor ${instance} for job ${job}: ${detail}`,
  ALTER: ({ job, detail }) => `somebody alters job ${job}: ${detail}`,
  CTL_ENTER: ({ instance, detail }) =>
    `the alteration enters print processor ${instance}: ${detail} (the number of alterations inside)`,
  RELOCK: ({ detail }) => `the alteration waits for the spooler's lock before it can leave: ${detail}`,
  CTL_EXIT: ({ instance, detail }) =>
    `the alteration leaves print processor ${instance}${detail === "" ? "" : `: ${detail}`}`,
  WAKE: ({ job }) => `the port thread, which was blocked by the pause, runs again with job ${job}`,
  BLOCKED: ({ job }) => `the port thread blocks again with job ${job}`,
  CLOSE_ATTEMPT: ({ instance, detail }) =>
    `the port thread attempts to close print processor ${instance}${ORPHANED.test(detail) ? skipped(detail) : `: ${closed(detail)}`}`,
  PRINTED: ({ job }) => `job ${job} counts as printed`,
  DELETED: ({ job }) => `job ${job} is deleted`,
  RESTARTED: ({ job }) => `job ${job} waits to be printed again`,
};

/** The result of a close that was not skipped. */
function closed(detail: string): string {
  return detail === "deferred" ? "deferred, so the last alteration that leaves closes it" : detail;
}

/** Why a close was skipped: the reason that the spooler gives, or what a user's spooler did. */
function skipped(detail: string): string {
  const [, why = detail, guard = "0"] = /^orphaned: (.*), guard (\d+)$/.exec(detail) ?? [];
  if (why.startsWith("spooler ")) return `; ${why} (guard ${guard}): it stays open until the spooler restarts`;
  return `, but returns without closing it ("${why}"): it stays open until the spooler restarts`;
}

/** Responses that change with nearly every event and tell nothing about a leak. */
const bookkeeping: ReadonlySet<string> = new Set<ResponseName>([
  "lockRequests",
  "lockWaitUs",
  "jobsExisting",
  "jobsSubmitted",
  "alterations",
  "controlEntries",
  "controlLeaves",
  "guardUs",
]);

export const narrative: Narrative = {
  leaks: "processorsLeaked" satisfies ResponseName,
  isLeak: ({ detail }) => ORPHANED.test(detail),
  begins: ({ event }) => event === "ALTER",
  cause: ({ detail }) => detail.replace(/^orphaned: /, "").replace(/, guard \d+$/, ""),
  subject: ({ job, instance }) => `job ${job} and its print processor ${instance}`,
  sentence(event) {
    if (event.event === "STALE") return undefined;
    return sentences[event.event]?.(event) ?? `${event.event}${event.detail === "" ? "" : `: ${event.detail}`}`;
  },
  changes: ({ patches }) =>
    patches.flatMap(({ path, value }) => {
      const word = String(path.at(-1));
      if (path[0] === "counts" && typeof value === "number" && !bookkeeping.has(word)) return [`${word} = ${value}`];
      if (path[0] === "instances" && word === "guard")
        return [`guard of print processor ${path[1]} = ${String(value)}`];
      return [];
    }),
  picture: storyPicture,
  /** Continues until every alteration has left the print processor; the guard at the leak says how many are inside. */
  follow(leak) {
    let inside = Number(/guard (\d+)/.exec(leak.detail)?.[1] ?? 1);
    return (event) => {
      if (event !== leak && event.instance === leak.instance && event.event === "CTL_EXIT") inside--;
      return inside <= 0;
    };
  },
};
