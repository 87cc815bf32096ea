/** lab/reports/headline.ts: what a page says first. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { headlineOf } from "../../../lab/reports/headline.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { leaking, policies, queues, remove, resultsOf } from "../../support/small-results.ts";

const folders: string[] = [];
before(async () => {
  for (const yaml of [leaking, policies, queues]) folders.push(await resultsOf(yaml));
});
after(() => Promise.all(folders.map(remove)));

async function headline(folder: string) {
  return headlineOf(await readResults(folder))!;
}

test("several places are answered by the range, and by where it hurts first and last", async () => {
  const { answer, figures } = await headline(folders[0]);
  const rate =
    /^With the buggy spooler, a server leaks [\d.]+ \((many|few)\) to [\d.]+ \((many|few)\) print processors a day;/;
  assert.match(answer, rate);
  assert.match(answer, /; with the fixed spooler, none\. At few, users notice after [\d.]+ days?; at many, .*days\.$/);
  assert.deepEqual(
    figures.map(({ meaning }) => meaning),
    [
      "print processors leaked a day by a server with the buggy spooler",
      "until users notice, at few",
      "until GDI handles run out, at many",
    ],
  );
  assert.match(figures[1].value, /^[\d.]+ days?$/);
  assert.match(figures[1].detail!, /^median of 9 servers$/);
});

test("of several levels the headline names the one that is least in the primary response, and says that prices decide", async () => {
  const { answer, more, figures } = await headline(folders[1]);
  assert.match(
    answer,
    /^Of the 3 levels of policy, wait has the least staff time and the least downtime\. Which is best/,
  );
  assert.deepEqual(
    figures.map(({ meaning, detail }) => [meaning, detail]),
    [
      ["staff time per server-day", "least: wait; most: nightly"],
      ["downtime per server-day", "least: wait; most: nightly"],
    ],
  );
  assert.equal(more.length, 4);
});

test("where one sentence says it all, it is the answer", async () => {
  const { answer, more } = await headline(folders[2]);
  assert.match(answer, /simulated means lie within/);
  assert.deepEqual(more, []);
});
