/** lab/reports/leak-story.ts: one leak, event by event, in the words of the model; none where there is none. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sections } from "../../../page/components.ts";
import { leakStory } from "../../../lab/reports/leak-story.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { leaking, queues, remove, resultsOf } from "../../support/small-results.ts";

const folders: string[] = [];
before(async () => {
  for (const yaml of [leaking, queues]) folders.push(await resultsOf(yaml));
});
after(() => Promise.all(folders.map(remove)));

test("the story of a typical leak runs from the submission of its job to the skipped close", async () => {
  const story = leakStory(await readResults(folders[0]));
  const { text } = sections([story!.section]);
  assert.match(
    text,
    /A typical leak, number \d+ of \d+, of one server \(many, buggy, server 0\): job \d+ and its print processor \d+, on Monday/,
  );
  assert.match(text, /\+0\.000 s[\s\S]*job \d+ is submitted[\s\S]*attempts to close print processor \d+, but/);
});

test("a new value is named like a column of servers.csv or says what it belongs to, as the legend tells", async () => {
  const results = await readResults(folders[0]);
  const { text } = sections([leakStory(results)!.section]);
  assert.match(
    text,
    /the new values; a name that is also a column of servers\.csv describes the whole server, not only this job/,
  );
  const responses = results.plan.points[0].resolved.model.responses.map(({ name }) => name);
  const changes = [...text.matchAll(/[>\s]((?:guard of print processor \d+|\w+) = \d+)/g)].map(([, change]) => change!);
  const [guards, totals] = [true, false].map((isGuard) => changes.filter((one) => one.startsWith("guard") === isGuard));
  assert.ok(guards.length > 0 && totals.length > 0);
  for (const total of totals) assert.ok(responses.includes(total.split(" ")[0]!), total);
});

test("the chart compares the bug with the fix, and leaves out levels without a difference", async () => {
  const { group } = leakStory(await readResults(folders[0]))!;
  const [chart] = group!.charts;
  assert.ok(chart.kind === "timeline");
  const marks = chart.panels.map(({ name, marks: all }) => [name, ...all.map(({ label }) => label)]);
  assert.deepEqual(marks, [
    ["buggy", "close skipped"],
    ["fixed", "close deferred", "closed"],
  ]);
});

test("a model without a narrative has no story", async () => {
  assert.equal(leakStory(await readResults(folders[1])), undefined);
});
