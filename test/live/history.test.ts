/** live/history.ts: two servers go on and back together, and the next leak is one that comes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SideBySide } from "../../live/history.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides } from "../../lab/experiment/override.ts";

async function sideBySide(horizonDays = 1): Promise<SideBySide> {
  const overrides = { servers: 1, replications: 1, set: [`horizonDays=${horizonDays}`], only: ["site=office"] };
  const experiment = withOverrides(await loadExperiment("q223863"), overrides);
  return new SideBySide(await designPoints(experiment), experiment.seed, 0);
}

/** How often the job that is altered next has been altered before. */
function altersOf(side: SideBySide): number {
  side.forward();
  const job = side.histories[0].event!.job;
  const before = side.histories[0].eventsOfJob(job, side.now).filter(({ event }) => event === "ALTER").length - 1;
  side.back();
  return before;
}

test("both spoolers get the same jobs at the same times, one after the other and back", async () => {
  const side = await sideBySide();
  const seen: number[] = [];
  for (let i = 0; i < 200; i++) {
    assert.ok(side.forward());
    seen.push(side.now);
    const [buggy, fixed] = side.histories.map(({ event }) => `${event!.time} ${event!.kind} ${event!.job}`);
    assert.equal(buggy, fixed);
  }
  for (let i = 200; i > 1; i--) {
    assert.ok(side.back());
    assert.equal(side.now, seen[i - 2]);
  }
  assert.ok(side.back());
  assert.equal(side.back(), false);
});

test("the next leak begins with an alteration, and the unfixed server leaks", async () => {
  const side = await sideBySide();
  const leaked = () => side.histories.map(({ scene }) => scene.gauges.find(({ label }) => /leaked/.test(label))!.value);
  let leaks = 0;
  for (const isFirst of [true, false]) {
    const chart = side.toNextStory()!;
    assert.deepEqual(
      chart.panels.map(({ marks }) => marks.map(({ label }) => label)),
      [["close skipped"], ["close deferred", "closed"]],
    );
    if (isFirst) assert.equal(altersOf(side), 0, "the first story is of a job that nobody has altered before");
    leaks = leaked()[0] + 1;
    assert.equal(leaked()[1], 0);
    side.forward();
    assert.equal(side.histories[0].event!.event, "ALTER");
    while (leaked()[0] < leaks) assert.ok(side.forward());
    assert.deepEqual(leaked(), [leaks, 0]);
    assert.equal(side.histories[0].story(1)[0].isLeak, true);
    assert.equal(side.now, chart.origin, "the picture is of this leak");
  }
});

test("there is no leak after the last one", async () => {
  const side = await sideBySide(0.5);
  let leaks = 0;
  while (side.toNextStory()) {
    side.forward();
    leaks++;
    assert.ok(leaks < 200);
  }
  assert.ok(leaks > 3);
});
