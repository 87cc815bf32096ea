/**
 * lab/traces/story.ts: each leak has a story of its own, from the submission of its job until nobody is inside any
 * more.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { execute } from "../../../lab/execution/run.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { leaksOf, storyOf, typicalLeak, typicalOf } from "../../../lab/traces/story.ts";
import { traceOf, type ServerSelector, type TraceRow } from "../../../lab/traces/trace.ts";
import type { Setting } from "../../../models/contract/parameters.ts";

const HORIZON_US = 0.02 * 86400e6;

/** A server that prints at midnight, where many jobs are deleted and each deletion takes so long that leaks overlap. */
async function selectorOf(parameters: Record<string, Setting> = {}, model = "print-servers"): Promise<ServerSelector> {
  const busy = { site: "mainframe", deleteShare: 0.5, controlMsMedian: 20000, controlSigma: 0, ...parameters };
  const settings = model === "mm1" ? {} : busy;
  const scenario = { model, servers: 2, horizonDays: 0.02, sampleEveryHours: 24, parameters: settings };
  return { resolved: await resolveScenario(scenario), seed: "story", replication: 0, server: 1 };
}

test("there are as many leaks as servers.csv counts", async () => {
  const { resolved, seed, replication } = await selectorOf();
  const { model, scenario } = resolved;
  const run = { point: 0, replication, seed, scenario, first: 0, count: 2, sliceSize: 1 };
  const { samples } = await execute(run);
  const column = 2 * model.responses.findIndex(({ name }) => name === "processorsLeaked");
  const counted = samples.slice(samples.length - 2 * model.responses.length).slice(column, column + 2);
  const leaks = [0, 1].map((server) => leaksOf({ resolved, seed, replication, server }, HORIZON_US));
  assert.deepEqual(leaks, [...counted]);
  assert.ok(leaks[1] >= 5, `${leaks[1]} leaks`);
});

test("a typical leak has median length and a job that was altered once", async () => {
  assert.deepEqual(
    [[5, 1, 3], [4, 1, 3, 2], []].map((all) => typicalOf(all, (one) => one)),
    [3, 2, undefined],
  );
  const selector = await selectorOf({ controlSigma: 1 });
  const { begins } = selector.resolved.model.narrative!;
  const lengths = Array.from({ length: 7 }, (_, i) => {
    const { events } = storyOf(selector, i + 1, HORIZON_US);
    const alterations = events.filter((event) => begins!(event));
    return { leak: i + 1, isPlain: alterations.length === 1, us: events.at(-1)!.time - alterations.at(-1)!.time };
  });
  const plain = lengths.filter(({ isPlain }) => isPlain);
  assert.ok(plain.length > 2, "there is a choice");
  assert.equal(typicalLeak(selector, HORIZON_US), typicalOf(plain, ({ us }) => us)?.leak);
});

test("the story of a leak is that of its own job and print processor, whatever else leaks meanwhile", async () => {
  const selector = await selectorOf();
  const rows = [...traceOf(selector, HORIZON_US)];
  const orphaned = rows.filter(({ event, detail }) => event === "CLOSE_ATTEMPT" && detail.startsWith("orphaned"));
  assert.equal(orphaned.length, leaksOf(selector, HORIZON_US));
  for (const [i, { job, instance }] of orphaned.slice(0, 4).entries()) {
    const story = storyOf(selector, i + 1, HORIZON_US);
    assert.deepEqual({ job: story.job, instance: story.instance }, { job, instance }, `leak ${i + 1}`);
    assert.equal(story.leaks, orphaned.length);
  }
});

test("a story near the end matches a trace from the start, whenever its job was submitted", async () => {
  const selector = await selectorOf({ printers: 1 });
  const horizon = 0.04 * 86400e6;
  const rows = [...traceOf(selector, horizon)];
  const isLeak = ({ event, detail }: TraceRow) => event === "CLOSE_ATTEMPT" && detail.startsWith("orphaned");
  const leaks = rows.filter(isLeak);
  const waited = leaks.map((leak) => leak.time - rows.find(({ job }) => job === leak.job)!.time);
  const [longest, shortest] = [Math.max(...waited), Math.min(...waited.slice(-5))];
  assert.ok(longest > 1200e6 && shortest < 600e6, `${longest} and ${shortest} us`);
  for (const wait of [longest, shortest]) {
    const place = waited.indexOf(wait);
    const { events, leaked } = storyOf(selector, place + 1, horizon);
    const { time, job } = events.at(-1)!;
    // With the changes of its events, which are slow to record.
    const traced = [...traceOf(selector, time + 1, leaks[place].time - wait)];
    assert.deepEqual(leaked, traced.filter(isLeak)[place]);
    assert.deepEqual(
      events,
      traced.filter((row) => row.job === job),
    );
  }
});

test("a story begins with the submission and ends when the last alteration has left", async () => {
  const selector = await selectorOf();
  const rows = [...traceOf(selector, HORIZON_US)];
  const { job, instance, lines } = storyOf(selector, 1, HORIZON_US);
  assert.equal(lines[0].event, "SUBMIT");
  assert.match(lines[0].sentence, new RegExp(`^job ${job} is submitted: `));
  const last = rows.findLast((row) => row.instance === instance && row.event === "CTL_EXIT")!;
  assert.deepEqual([lines.at(-1)!.event, lines.at(-1)!.time], ["CTL_EXIT", last.time]);
  const leak = lines.find(({ event }) => event === "CLOSE_ATTEMPT")!;
  assert.match(leak.sentence, /the logic indicates the function is being re-entered/);
  assert.ok(leak.changes.some((change) => change.startsWith("processorsLeaked = ")));
  assert.ok(lines.every((line, i) => i === 0 || line.time >= lines[i - 1].time));
});

test("the story of a user's spooler describes its actions, and quotes the article only while an alteration is inside", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-story-"));
  try {
    const file = join(folder, "lazy.mjs");
    await writeFile(
      file,
      `export default {
        name: "lazy", meaning: "closes nothing",
        open() {}, enterAlteration() {}, leaveAlteration() {}, close() {},
      };\n`,
    );
    const selector = await selectorOf({ spooler: file });
    const { lines } = storyOf(selector, 1, HORIZON_US);
    const leak = lines.find(({ event }) => event === "CLOSE_ATTEMPT")!;
    assert.match(leak.sentence, /close print processor 1; spooler lazy does not close it \(guard 0\): it stays open/);
    const sentences = lines.map(({ sentence }) => sentence).join("\n");
    assert.doesNotMatch(sentences, /re-ent/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a guard that is never lowered does not keep its story from ending", async () => {
  const selector = await selectorOf({ spooler: "sticky-guard" });
  const { lines } = storyOf(selector, 1, HORIZON_US);
  assert.ok(lines.some(({ event }) => event === "CLOSE_ATTEMPT"));
});

test("asking for a leak that does not exist, or for the narrative of a model without one, is a user error", async () => {
  const none = await selectorOf({ spooler: "fixed" });
  assert.equal(leaksOf(none, HORIZON_US), 0);
  const message = "leak 1 does not exist; server 1 has 0 in 0.02 days";
  assert.throws(() => storyOf(none, 1, HORIZON_US), { name: "UserError", message });
  const silent = await selectorOf({}, "mm1");
  assert.throws(() => storyOf(silent, 1, HORIZON_US), {
    name: "UserError",
    message: /^mm1 has no narrative, which explain needs/,
  });
});
