/**
 * lab/traces/timeline.ts: a timeline has the shape that the Trace Event Format document describes (Google, "Trace Event
 * Format", the JSON Object Format and the event descriptions), and tells what the trace tells.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { timelineOf, writeTimelines, type TimelineEvent } from "../../../lab/traces/timeline.ts";
import { kernelOf, traceOf, type ServerSelector } from "../../../lab/traces/trace.ts";
import type { Settings } from "../../../models/contract/parameters.ts";

const HOUR = 3600e6;
const UNTIL = 0.22 * HOUR;

async function selectorOf(parameters: Settings = {}, model = "print-servers"): Promise<ServerSelector> {
  const settings = model === "mm1" ? {} : { site: "mainframe", jobsPerDay: 20000, ...parameters };
  const scenario = { model, servers: 3, horizonDays: 1, sampleEveryHours: 24, parameters: settings };
  return { resolved: await resolveScenario(scenario), seed: "timeline", replication: 1, server: 2 };
}

/** A file as a viewer reads it. */
async function written(
  places: readonly ServerSelector[],
  until: number,
): Promise<{ text: string; events: TimelineEvent[] }> {
  let text = "";
  await writeTimelines(places, { from: 0, until }, async (piece) => void (text += piece));
  return { text, events: (JSON.parse(text) as { traceEvents: TimelineEvent[] }).traceEvents };
}

/**
 * Checks the rules of the format: every event has its phase's keys, times are whole microseconds in order, and
 * beginnings and ends nest, on each thread, and in each asynchronous track, which is a category and an id of a process.
 */
function validate(events: readonly TimelineEvent[], until: number): void {
  const stacks = new Map<string, string[]>();
  const named = new Set<string>();
  const times = new Map<number, number>();
  for (const event of events) {
    const { ph, name, ts, pid, tid, cat, id2, args, s } = event;
    const shown = JSON.stringify(event);
    assert.ok(name.length > 0 && Number.isInteger(pid) && pid > 0, shown);
    if (ph === "M") {
      if (name === "thread_name") named.add(`${pid} ${tid}`);
      assert.ok(/^(process|thread)_(name|sort_index)$/.test(name) && args !== undefined, shown);
      continue;
    }
    assert.ok(Number.isInteger(ts) && ts! >= (times.get(pid) ?? 0) && ts! <= until, shown);
    times.set(pid, ts!);
    if (ph === "C") {
      assert.deepEqual(
        Object.values(args!).map((value) => typeof value),
        ["number"],
        shown,
      );
      continue;
    }
    assert.ok(named.has(`${pid} ${tid}`), `${shown} is on a thread without a name`);
    if (ph === "i") {
      assert.equal(s, "t", shown);
      continue;
    }
    const isAsync = ph === "b" || ph === "e";
    assert.equal(isAsync, cat !== undefined && id2 !== undefined, shown);
    const track = isAsync ? `${pid} ${cat} ${id2!.local}` : `${pid} ${tid}`;
    const stack = stacks.get(track) ?? [];
    stacks.set(track, stack);
    if (ph === "B" || ph === "b") stack.push(name);
    else assert.equal(stack.pop(), name, shown);
  }
  for (const [track, stack] of stacks) assert.deepEqual(stack, [], track);
}

const cases: Readonly<Record<string, Settings>> = {
  "that leaks": {},
  "that is restarted": { restartEveryHours: 0.05, stopMs: 500, startMs: 500 },
  "whose jobs are parked": { dcsMax: 20, restartEveryHours: 0.2 },
  "that hangs": { ramBytes: 72e6, pagefileBytes: 1e6, recoveryMinutes: 2 },
  "with the fix": { spooler: "fixed" },
  "with a sticky guard": { spooler: "sticky-guard" },
};

for (const [which, parameters] of Object.entries(cases)) {
  test(`the timeline of a server ${which} keeps the rules of the format`, async () => {
    const { events } = await written([await selectorOf(parameters)], UNTIL);
    assert.ok(events.length > 1000);
    validate(events, UNTIL);
  });
}

test("exactly the leaks of the trace are instants, in the words of the article", async () => {
  for (const spooler of ["buggy", "sticky-guard", "fixed"]) {
    const selector = await selectorOf({ spooler });
    const leaks = [...traceOf(selector, UNTIL)].filter(({ detail }) => detail.startsWith("orphaned"));
    const instants = [...timelineOf(selector, { from: 0, until: UNTIL })].filter(({ ph }) => ph === "i");
    assert.equal(leaks.length > 0, spooler !== "fixed");
    assert.deepEqual(
      instants.map(({ name, ts, args }) => [name, ts, args?.job, args?.instance]),
      leaks.map(({ time, job, instance }) => [
        "the logic indicates the function is being re-entered",
        time,
        job,
        instance,
      ]),
    );
  }
});

test("jobs, print processors and alterations have spans as long as in the trace", async () => {
  const selector = await selectorOf();
  const rows = [...traceOf(selector, UNTIL)];
  const events = [...timelineOf(selector, { from: 0, until: UNTIL })];
  const at = (event: string) => rows.filter((row) => row.event === event).map(({ time, job }) => [time, job]);
  const begun = (name: RegExp, ph = "b") => events.filter((one) => one.ph === ph && name.test(one.name));
  assert.deepEqual(
    begun(/^job$/).map(({ ts, args }) => [ts, args?.job]),
    at("SUBMIT"),
  );
  const printed = begun(/^job$/, "e").filter(({ args }) => args?.by === "PRINTED");
  assert.deepEqual(
    printed.map(({ ts, id2 }) => [ts, Number(id2!.local.slice(4))]),
    at("PRINTED"),
  );
  assert.deepEqual(
    begun(/^prints job/, "B").map(({ ts }) => ts),
    at("PP_OPEN").map(([time]) => time),
  );
  assert.deepEqual(
    begun(/ inside print processor/).map(({ ts }) => ts),
    at("CTL_ENTER").map(([time]) => time),
  );
  const raised = rows.filter(({ event, detail }) => event === "CTL_ENTER" && /guard 1$/.test(detail));
  assert.ok(raised.length > 10);
  const windows = begun(/^guard window$/);
  assert.deepEqual(
    windows.map(({ ts, args }) => [ts, args?.instance]),
    raised.map((row) => [row.time, row.instance]),
  );
});

test("a pause blocks its port thread until the thread wakes", async () => {
  const selector = await selectorOf({ pauseResumeShare: 0.5, deleteShare: 0, pauseDeleteShare: 0, restartShare: 0 });
  const wakes = [...traceOf(selector, UNTIL)].filter(({ event }) => event === "WAKE" || event === "BLOCKED");
  const blocked = [...timelineOf(selector, { from: 0, until: UNTIL })].filter(
    ({ name }) => name === "blocked by a pause",
  );
  const ends = blocked.filter(({ ph, ts }) => ph === "E" && ts! < UNTIL);
  assert.ok(wakes.length > 5);
  assert.deepEqual(
    ends.map(({ ts }) => ts),
    wakes.map(({ time }) => time),
  );
});

test("the counters are the kernel's gauges and leaks, with the same final values", async () => {
  const selector = await selectorOf({ restartEveryHours: 0.1, stopMs: 500 });
  const last = new Map<string, unknown>();
  for (const { ph, name, args } of timelineOf(selector, { from: 0, until: UNTIL })) {
    if (ph === "C") last.set(name.replace(/ \[B\]$/, ""), args?.value);
  }
  const { simulation, instance } = kernelOf(selector);
  simulation.run(UNTIL);
  instance.observe(UNTIL);
  const expected = selector.resolved.model.responses.flatMap(({ name, role }, i): [string, number][] =>
    role === "gauge" || role === "leak" ? [[name, instance.columns[i][0]]] : [],
  );
  assert.ok(expected.length >= 11);
  assert.deepEqual([...last], expected);
});

test("a part of the timeline is that of the whole, with what is open and the counters at its beginning", async () => {
  const selector = await selectorOf(cases["whose jobs are parked"]);
  const [from, until] = [0.1 * HOUR, 0.2 * HOUR];
  const isTimed = ({ ts }: TimelineEvent) => ts !== undefined;
  const whole = [...timelineOf(selector, { from: 0, until })].filter(isTimed);
  const events = [...timelineOf(selector, { from, until })];
  validate(events, until);
  const part = events.filter(isTimed);
  const after = whole.filter(({ ts }) => ts! >= from);
  const added = part.slice(0, part.length - after.length);
  assert.deepEqual(part.slice(added.length), after);
  assert.deepEqual([...new Set(added.map(({ ts }) => ts))], [from]);
  const begun = (some: readonly TimelineEvent[], phases: string) =>
    some.filter(({ ph, ts }) => phases.includes(ph) && (ts! < from || some === added)).length;
  assert.equal(begun(added, "Bb"), begun(whole, "Bb") - begun(whole, "Ee"));
  assert.ok(begun(added, "Bb") > 0);
  const last = new Map(whole.filter(({ ph, ts }) => ph === "C" && ts! < from).map(({ name, args }) => [name, args]));
  const held = added.filter(({ ph }) => ph === "C");
  assert.deepEqual(new Map(held.map(({ name, args }) => [name, args])), last);
  assert.equal(held.length, last.size);
});

test("several servers are several processes, and the same servers give the same bytes", async () => {
  const selector = await selectorOf();
  const places = [{ ...selector, server: 0 }, selector];
  const { text, events } = await written(places, 0.05 * HOUR);
  validate(events, UNTIL);
  assert.deepEqual([...new Set(events.map(({ pid }) => pid))], [1, 3]);
  const names = events.filter(({ name }) => name === "process_name").map(({ args }) => args?.name);
  assert.deepEqual(names, ["server 0 (buggy)", "server 2 (buggy)"]);
  assert.equal((await written(places, 0.05 * HOUR)).text, text);
});

test("without an event a timeline is still complete", async () => {
  const { events } = await written([await selectorOf()], 1);
  validate(events, 1);
  assert.deepEqual(new Set(events.map(({ ph }) => ph)), new Set(["M", "C"]));
});

test("a model without a reference has its events as instants", async () => {
  const selector = await selectorOf({}, "mm1");
  const { events } = await written([selector], 60e6);
  validate(events, 60e6);
  const rows = [...traceOf(selector, 60e6)];
  const instants = events.filter(({ ph }) => ph === "i");
  assert.ok(rows.length > 10);
  assert.deepEqual(
    instants.map(({ ts, name }) => [ts, name]),
    rows.map(({ time, event }) => [time, event]),
  );
});
