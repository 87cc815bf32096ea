/**
 * models/print-servers/story-picture.ts: what is drawn of a job are the times of its trace, and the same job has the
 * same alterations with the bug and without it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { eventsOfJob, storyOf } from "../../../lab/traces/story.ts";
import { storyPicture } from "../../../models/print-servers/story-picture.ts";

const HORIZON_US = 0.02 * 86400e6;

async function selectorOf(spooler: string) {
  const parameters = { site: "mainframe", deleteShare: 0.5, controlMsMedian: 20000, controlSigma: 0, spooler };
  const scenario = { model: "print-servers", servers: 2, horizonDays: 0.02, sampleEveryHours: 24, parameters };
  return { resolved: await resolveScenario(scenario), seed: "story", replication: 0, server: 1 };
}

test("the bug skips a close while the guard is up and leaves the print processor open; the fix closes it later", async () => {
  const { job, leaked, events } = storyOf(await selectorOf("buggy"), 1, HORIZON_US);
  const buggy = storyPicture(events);
  const end = events.at(-1)!.time;
  const fixed = storyPicture(eventsOfJob(await selectorOf("fixed"), job, end + 1));

  assert.deepEqual(buggy.marks, [{ at: leaked.time, label: "close skipped", tone: "lost" }]);
  const left = events.find(({ event, time }) => event === "CTL_EXIT" && time > leaked.time)!;
  assert.deepEqual(fixed.marks, [
    { at: leaked.time, label: "close deferred", tone: "alert" },
    { at: left.time, label: "closed", tone: "busy" },
  ]);

  const [, alteration, processor] = buggy.lanes;
  assert.deepEqual(alteration, fixed.lanes[1], "the same alteration");
  const window = alteration.spans.find(({ isWindow }) => isWindow)!;
  assert.ok(window.from < leaked.time && leaked.time < window.to);
  assert.equal(window.to, left.time);
  const opened = events.find(({ event }) => event === "PP_OPEN")!.time;
  assert.deepEqual(
    processor.spans.map(({ from, to, tone }) => [from, to, tone]),
    [
      [opened, leaked.time, "busy"],
      [leaked.time, Infinity, "lost"],
    ],
  );
  assert.deepEqual(
    fixed.lanes[2].spans.map(({ from, to, tone }) => [from, to, tone]),
    [
      [opened, leaked.time, "busy"],
      [leaked.time, left.time, "alert"],
    ],
  );
});

test("the print processor of an unaltered job is closed at once", () => {
  const event = (time: number, name: string, instance?: number, detail = "") => {
    return { time, kind: name, event: name, job: 3, instance, detail, patches: [] };
  };
  const { lanes, marks } = storyPicture([
    event(0, "SUBMIT"),
    event(5, "PP_OPEN", 8),
    event(9, "CLOSE_ATTEMPT", 8, "closed"),
    event(10, "PRINTED"),
  ]);
  assert.deepEqual(marks, [{ at: 9, label: "closed", tone: "busy" }]);
  assert.deepEqual(
    lanes.map(({ name, spans }) => [name, ...spans.map(({ from, to, label }) => `${from} to ${to} ${label}`)]),
    [
      ["job 3", "0 to 5 waits", "5 to 9 prints", "9 to 10 leaves the queue"],
      ["alteration"],
      ["print processor 8", "5 to 9 open"],
    ],
  );
});
