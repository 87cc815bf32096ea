/**
 * A print server between two events, drawn for a reader who steps through them: jobs, port threads, print processors
 * with their guards, alterations, and the spooler's methods with the lines that the event ran.
 */
import type { Scene, SceneCode, SceneGauge, SceneGroup, SceneThing } from "../contract/pictures.ts";
import type { TraceEvent } from "../contract/reference.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import type { Instance, Job, Printer, ServerState } from "./reference/state.ts";
import type { ProcessorColumns, Spooler } from "./spoolers/spooler.ts";

/** Above this number, things of a kind are counted and not drawn. */
const THINGS_MAX = 8;

export function scene(values: PrintServersValues, before: object, event: TraceEvent | undefined, after: object): Scene {
  const [was, is] = [before as ServerState, after as ServerState];
  return { groups: groupsOf(is), gauges: gaugesOf(values, is), code: codeOf(values, was, event) };
}

function groupsOf(state: ServerState): SceneGroup[] {
  const { printers, instances, requested, inside, counts } = state;
  const jobs = printers.flatMap((printer) => Object.values(printer.jobs)).map(jobThing);
  const parked = printers.flatMap((printer) => printer.parked).map(jobThing);
  const threads = printers.flatMap(threadThing);
  const processors = Object.entries(instances).map(processorThing);
  const alterations = [
    ...Object.keys(requested).map((key): SceneThing => {
      return { name: `alteration of job ${jobOf(key)}`, does: "waits for the lock", tone: "waiting" };
    }),
    ...Object.entries(inside).map(([key, { instance }]): SceneThing => {
      return { name: `alteration of job ${jobOf(key)}`, does: `is inside print processor ${instance}`, tone: "alert" };
    }),
  ];
  const orphans = counts.processorsOrphaned;
  const lost: SceneThing[] =
    orphans === 0 ? [] : [{ name: `${orphans} leaked`, does: "open until the spooler restarts", tone: "lost" }];
  return [
    { heading: "Queue", things: few([...parked, ...jobs]), none: "no jobs" },
    { heading: "Port threads", things: few(threads), none: `all ${printers.length} idle` },
    { heading: "Print processors", things: [...few(processors), ...lost], none: "none open" },
    { heading: "Alterations", things: few(alterations), none: "nobody alters a job" },
  ];
}

function few(things: readonly SceneThing[]): SceneThing[] {
  const shown = things.slice(0, THINGS_MAX);
  const more = things.length - shown.length;
  return more === 0 ? shown : [...shown, { name: `${more} more`, does: "", tone: "waiting" }];
}

/** The job of an alteration, whose key is "job.step". */
function jobOf(key: string): string {
  return key.split(".", 1).join("");
}

function jobThing({ number, status, marks, paused, deleting, restarting }: Job): SceneThing {
  const [mark] = [deleting && "to be deleted", restarting && "to be restarted", paused && "paused"].filter(Boolean);
  const does = `${marks.dataType}, ${marks.pages} ${marks.pages === 1 ? "page" : "pages"}, ${mark || status}`;
  const tone = status === "parked" ? "lost" : mark ? "alert" : status === "printing" ? "busy" : "waiting";
  return { name: `job ${number}`, does, tone };
}

function threadThing({ phase, current, printout }: Printer, number: number): SceneThing[] {
  if (phase === "idle") return [];
  const job = current === null ? "a job" : `job ${current}`;
  if (phase === "picking") return [{ name: `port ${number}`, does: "picks a job", tone: "busy" }];
  if (phase === "finishing") return [{ name: `port ${number}`, does: `finishes ${job}`, tone: "busy" }];
  const by = printout === null ? "" : ` with print processor ${printout.instance}`;
  const isBlocked = printout !== null && printout.blockAt !== null;
  const does = isBlocked ? `${job} is paused` : `prints ${job}${by}`;
  return [{ name: `port ${number}`, does, tone: isBlocked ? "waiting" : "busy" }];
}

function processorThing([number, { status, guard, closePending }]: [string, Instance]): SceneThing {
  const is = status === "orphaned" ? "leaked" : status;
  const pending = closePending ? ", close deferred" : "";
  const tone = status === "orphaned" ? "lost" : guard > 0 ? "alert" : "busy";
  return { name: `print processor ${number}`, does: `${is}, guard ${guard}${pending}`, tone };
}

function gaugesOf(v: PrintServersValues, { counts, openWithDc }: ServerState): SceneGauge[] {
  const printed = { label: "jobs printed", value: counts.jobsPrinted };
  return [
    printed,
    { label: `print processor${counts.processorsLeaked === 1 ? "" : "s"} leaked`, value: counts.processorsLeaked },
    {
      label: "printer DCs in use (by TEXT and EMF jobs, not by RAW jobs)",
      value: v.dcsBase + v.dcsPerGdiInstance * openWithDc,
      ceiling: v.dcsMax,
    },
  ];
}

const verbs = ["enterAlteration", "leaveAlteration", "close"] as const;

/** The verb that each event runs. */
const verbOf: Readonly<Record<string, (typeof verbs)[number]>> = {
  CTL_ENTER: "enterAlteration",
  CTL_EXIT: "leaveAlteration",
  CLOSE_ATTEMPT: "close",
};

function codeOf({ spooler }: PrintServersValues, before: ServerState, event: TraceEvent | undefined): SceneCode {
  const verb = event === undefined ? undefined : verbOf[event.event];
  const instance = event?.instance === undefined ? undefined : before.instances[event.instance];
  const lines: string[] = [];
  const ran: number[] = [];
  for (const one of verbs) {
    const text = sourceOf(spooler[one]);
    if (one === verb && instance !== undefined) ran.push(...linesRun(spooler, one, text, instance, lines.length));
    lines.push(...text, "");
  }
  return { title: `spooler ${spooler.name}: ${spooler.meaning}`, lines: lines.slice(0, -1), ran };
}

/** The lines of a function, indented relative to its last line. */
function sourceOf(verb: (...words: never[]) => void): string[] {
  const lines = verb.toString().split("\n");
  const indent = /^\s*/.exec(lines[lines.length - 1])![0];
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
}

/**
 * The lines of a verb that run for a print processor in this state. The verb runs on columns that record its actions. A
 * line counts as run if it contains a recorded action; a bare return counts if the close did not happen.
 */
function linesRun(
  spooler: Spooler,
  verb: (typeof verbs)[number],
  text: readonly string[],
  { guard, closePending }: Instance,
  from: number,
): number[] {
  const done: string[] = [];
  const columns: ProcessorColumns = {
    guard: recordingColumn("guard", guard, done),
    closePending: recordingColumn("closePending", closePending, done),
    closeProcessor: () => void done.push("closeProcessor("),
  };
  spooler[verb](columns, 0);
  const isSkipped = !done.includes("closeProcessor(");
  return text.flatMap((line, i) => {
    const isHead = i === 0;
    const isDone = done.some((what) => line.includes(what)) && !(line.includes("if (") && line.includes("{"));
    const isReturn = verb === "close" && isSkipped && line.trim() === "return;";
    const isCondition = verb === "close" && line.includes("if (");
    return isHead || isDone || isReturn || isCondition ? [from + i] : [];
  });
}

/** A column of one item that records writes. */
function recordingColumn(name: string, value: number, done: string[]): number[] {
  return new Proxy([value], {
    set(column, key, written: number) {
      column[Number(key)] = written;
      done.push(`${name}[instance]`);
      return true;
    },
  });
}
