/**
 * The picture of a story: the job, the alterations that enter its print processor and so raise the guard, and the print
 * processor itself, which is closed, closed later, or never closed.
 */
import type { Lane, LaneSpan, StoryPicture } from "../contract/pictures.ts";
import type { TraceEvent } from "../contract/reference.ts";

/** The result of a close, by the first word of its detail. */
const closes = {
  closed: { label: "closed", tone: "busy" },
  deferred: { label: "close deferred", tone: "alert" },
  orphaned: { label: "close skipped", tone: "lost" },
} as const;

export function storyPicture(events: readonly TraceEvent[]): StoryPicture {
  const attempts = events.filter(({ event }) => event === "CLOSE_ATTEMPT");
  const late = events.filter(({ event, detail }) => event === "CTL_EXIT" && /^closes|^orphaned/.test(detail));
  const marks = [
    ...attempts.map((attempt) => ({ at: attempt.time, ...closes[endOf(attempt)] })),
    ...late.map(({ time, detail }) => ({ at: time, ...closes[detail.startsWith("closes") ? "closed" : "orphaned"] })),
  ];
  return { lanes: [jobLane(events), alterationLane(events), ...processorLanes(events)], marks };
}

function endOf({ detail }: TraceEvent): keyof typeof closes {
  return detail.startsWith("orphaned") ? "orphaned" : detail === "deferred" ? "deferred" : "closed";
}

/** The lane of the job, which waits, prints and ends. */
function jobLane(events: readonly TraceEvent[]): Lane {
  const [first] = events;
  const spans: LaneSpan[] = [];
  let since = first?.time ?? 0;
  for (const { event, time } of events) {
    const [label, tone] =
      event === "PP_OPEN"
        ? (["waits", "waiting"] as const)
        : event === "CLOSE_ATTEMPT"
          ? (["prints", "busy"] as const)
          : event === "DELETED" || event === "PRINTED"
            ? (["leaves the queue", "busy"] as const)
            : [];
    if (label === undefined || tone === undefined) continue;
    spans.push({ from: since, to: time, label, tone });
    since = time;
  }
  return { name: `job ${first?.job ?? ""}`, spans };
}

/** While an alteration is inside, the guard is up. */
function alterationLane(events: readonly TraceEvent[]): Lane {
  const spans: LaneSpan[] = [];
  const inside: { readonly from: number; readonly label: string }[] = [];
  for (const { event, time, detail } of events) {
    if (event === "CTL_ENTER") inside.push({ from: time, label: `${detail.replace(/,.*/, "")} is inside` });
    if (event !== "CTL_EXIT") continue;
    const left = inside.shift();
    if (left !== undefined) spans.push({ ...left, to: time, tone: "alert", isWindow: true });
  }
  const still = inside.map((one): LaneSpan => ({ ...one, to: Infinity, tone: "alert", isWindow: true }));
  return { name: "alteration", spans: [...spans, ...still] };
}

/** A lane for each print processor of the job; a restarted job has more than one. */
function processorLanes(events: readonly TraceEvent[]): Lane[] {
  const opened = events.filter(({ event }) => event === "PP_OPEN");
  return opened.map(({ instance, time }): Lane => {
    const own = events.filter((event) => event.instance === instance);
    const attempt = own.find(({ event }) => event === "CLOSE_ATTEMPT");
    const name = `print processor ${instance}`;
    const open = { from: time, label: "open", tone: "busy" } as const;
    if (attempt === undefined) return { name, spans: [{ ...open, to: Infinity }] };
    const spans: LaneSpan[] = [{ ...open, to: attempt.time }];
    const lost = { to: Infinity, label: "leaked: stays open", tone: "lost" } as const;
    const end = endOf(attempt);
    if (end === "orphaned") spans.push({ ...lost, from: attempt.time });
    if (end === "deferred") {
      const last = own.find(({ event, detail }) => event === "CTL_EXIT" && /^closes|^orphaned/.test(detail));
      spans.push({ from: attempt.time, to: last?.time ?? Infinity, label: "close deferred", tone: "alert" });
      if (last?.detail.startsWith("orphaned") === true) spans.push({ ...lost, from: last.time });
    }
    return { name, spans };
  });
}
