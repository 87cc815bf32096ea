/** lab/reports/headline.ts: what a page says first. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mean, meanEstimate } from "../../../statistics/estimate.ts";
import { headlineOf, ratesByLevel } from "../../../lab/reports/headline.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { summaryTables } from "../../../lab/reports/summary-tables.ts";
import { leaking, policies, queues, remove, resultsOf } from "../../support/small-results.ts";

const folders: string[] = [];
before(async () => {
  for (const yaml of [leaking, policies, queues]) folders.push(await resultsOf(yaml));
});
after(() => Promise.all(folders.map(remove)));

async function headline(folder: string) {
  return headlineOf(await readResults(folder))!;
}

test("several sites are summarized by the range, and by the first and last symptom", async () => {
  const { answer, outlook, more, figures } = await headline(folders[0]);
  assert.match(
    answer,
    /^With the buggy spooler, a server leaks [\d.]+ to [\d.]+ print processors a day, depending on the dcs \(at least [\d.]+ at the few dcs\); with the fixed spooler, none\.$/,
  );
  assert.match(
    outlook!,
    /^Printer DCs run out after [\d.]+ days? at the few dcs, and if every day were like the simulated ones, GDI handles would run out after about \d+ days at the many dcs\.$/,
  );
  assert.match(
    more[0]!,
    /Users notice nothing within 3 days\. With the buggy spooler, a server also leaks 235 GDI handles a day; if every day were like the simulated ones, they would be the first resource to run out, after about 57 days \(54 to 60\)\.$/,
  );
  assert.deepEqual(
    figures.map(({ meaning }) => meaning),
    [
      "print processors leaked a day by a server with the buggy spooler",
      "until printer DCs run out at the few dcs",
      "until GDI handles run out at the many dcs",
    ],
  );
  assert.match(
    figures[0].detail!,
    /^[\d.]+ at the many dcs; at least [\d.]+ at the few dcs, where a resource ran out$/,
  );
  assert.match(figures[1].value, /^[\d.]+ days?$/);
  assert.match(figures[1].detail!, /^median of 9 servers$/);
});

test("the headline names the level with the least primary response of several, and says that prices decide", async () => {
  const { answer, outlook, more, figures } = await headline(folders[1]);
  assert.equal(answer, "Of the 3 levels of policy, wait has the least staff time and the least downtime.");
  assert.match(outlook!, /^Which is best depends/);
  assert.deepEqual(
    figures.map(({ meaning, detail }) => [meaning, detail]),
    [
      ["staff time per server-day", "least: wait; most: nightly"],
      ["downtime per server-day", "least: wait; most: nightly"],
    ],
  );
  assert.equal(more.length, 4);
});

test("the headline says which differences from the least may be chance", async () => {
  const results = await readResults(folders[1]!);
  const { plan, findings } = results;
  const compare = { ...plan.experiment.compare!, responses: ["staffUs"] };
  const answerFor = (differences: readonly (readonly [weekly: number, nightly: number])[]) => {
    const comparisons = findings.comparisons
      .filter(({ response }) => response.name === "staffUs")
      .map((row, i) => {
        const own = Float64Array.from(differences, (pair) => pair[i]!);
        return {
          ...row,
          againstMean: 100 - mean(own),
          baselineMean: 100,
          difference: meanEstimate(own),
          differences: () => own,
        };
      });
    const experiment = { ...plan.experiment, compare };
    return headlineOf({ ...results, plan: { ...plan, experiment }, findings: { ...findings, comparisons } })!.answer;
  };
  const far = [50, 51, 52, 53];
  assert.match(answerFor(far.map((d) => [d, -d])), /^Of the 3 levels of policy, weekly has the least staff time\.$/);
  // Weekly and nightly differ by 1, -1, 1 and 2, mean 0.75: t is 1.2.
  assert.match(
    answerFor([
      [51, 50],
      [51, 52],
      [53, 52],
      [55, 53],
    ]),
    /^Of the 3 levels of policy, weekly has the least staff time\. In staff time, the difference from nightly may be chance\.$/,
  );
  // And the baseline has 1, -1, 1 and 2 more than weekly, 3 and 4 more than nightly.
  assert.match(
    answerFor([
      [1, -3],
      [-1, -4],
      [1, -3],
      [2, -4],
    ]),
    /weekly has the least staff time\. In staff time, the difference from wait may be chance\.$/,
  );
});

test("among rates that are lower bounds, no level is said to leak most, and none of them least", async () => {
  const results = await readResults(folders[0]);
  const { plan, findings } = results;
  const [first] = findings.comparisons.filter(({ response }) => response.role === "leak");
  assert.ok(first !== undefined);
  // Three levels of one factor, with these rates.
  const headlineFor = (bounded: readonly number[]) => {
    const point = plan.points[0];
    const points = [0, 1, 2].map((index) => ({ ...point, index, levels: { spooler: "abc"[index]! } }));
    const compare = { factor: "spooler", baseline: "a", responses: [first.response.name] };
    const comparisons = [1, 2].map((i) => {
      return { ...first, point: points[0]!, against: points[i]!, baselineMean: 3, againstMean: 3 + 3 * i };
    });
    const leakRates = points.map((one, i) => {
      return { ...findings.leakRates[0]!, point: one, response: first.response, isLowerBound: bounded.includes(i) };
    });
    const experiment = { ...plan.experiment, compare, factors: [{ name: "spooler", levels: [] }] };
    const changed = { ...plan, points, experiment } as unknown as typeof plan;
    return headlineOf({ plan: changed, findings: { ...findings, comparisons, leakRates } })!;
  };
  const known = headlineFor([]);
  assert.match(known.answer, /^Of the 3 levels of spooler, a has the fewest /);
  assert.equal(known.figures[0]!.detail, "least: a; most: c");
  const above = headlineFor([1]);
  assert.equal(above.answer, known.answer);
  assert.match(above.figures[0]!.value, /^1\.00 to 3\.00$/);
  assert.equal(above.figures[0]!.detail, "least: a; 3.00 with c; at least 2.00 with b, where a resource ran out");
  const most = headlineFor([2]).figures[0]!;
  assert.deepEqual([most.value, most.detail], ["1.00 to at least 3.00", "least: a; most: c, where a resource ran out"]);
  assert.doesNotMatch(headlineFor([0]).answer, /^Of the 3 levels/);
});

test("a single sentence that says everything is the answer", async () => {
  const { answer, more } = await headline(folders[2]);
  assert.match(answer, /simulated means lie within/);
  assert.deepEqual(more, []);
});

test("a table says for each site how fast it leaks, what runs out and when, and marks lower bounds", async () => {
  const results = await readResults(folders[0]);
  const { head, rows, legend } = ratesByLevel(results)!;
  assert.deepEqual(head, [
    "dcs",
    "print processors leaked a day",
    "95 % interval",
    "first to run out",
    "of it leaked a day",
    "after",
  ]);
  // A word of a cell is quoted, as otherwise it reads as the beginning of the sentence.
  assert.deepEqual(legend.slice(1), [
    'With "at least": the rate is an average over all simulated days, and a server leaks less once a resource has run out.',
    "In brackets: the 95 % interval.",
    'With "about": extrapolated beyond the simulated days at the same rate.',
    'Without "about": the median of the simulated servers.',
  ]);
  const [many, few] = rows;
  assert.match(
    many!.join("; "),
    /^many; [\d.]+; [\d.]+ to [\d.]+; GDI handles; [\d.]+; about \d+ days \([\d.]+ (to [\d.]+|or later)\)$/,
  );
  assert.match(
    few!.join("; "),
    /^few; at least [\d.]+; [\d.]+ to [\d.]+; printer DCs; at least [\d.]+; [\d.]+ days? \([\d.]+ days? to [\d.]+ days?\)$/,
  );
  // Where DCs ran out, every leak rate is a lower bound, also of what has no limit of its own: handles.
  const leaks = ["print processors", "private bytes", "handles", "printer DCs", "GDI handles", "paged pool bytes"];
  const rates = summaryTables(results).comparison!.rows.map(([, name, , , , interval]) => {
    return [name!.split(" [")[0]!, interval!.endsWith("\u2020")] as const;
  });
  assert.deepEqual(
    rates.filter(([name]) => leaks.includes(name)),
    [false, true].flatMap((isMarked) => leaks.map((name) => [name, isMarked])),
  );
  assert.ok(rates.every(([name, isMarked]) => leaks.includes(name) || !isMarked));
  assert.equal(
    ratesByLevel(await readResults(folders[1])),
    undefined,
    "several levels of one factor need no table by level",
  );
  const quiet = {
    ...results,
    findings: {
      ...results.findings,
      leakRates: results.findings.leakRates.map((row) => ({
        ...row,
        ceilingDaysMedian: NaN,
        rate: { ...row.rate, value: 0 },
      })),
    },
  };
  assert.deepEqual(ratesByLevel(quiet)!.head.slice(3), ["first to run out", "of it leaked a day", "after"]);
});

test("the table counts all leaks of the resource that runs out first, and gives the room of each level", async (t) => {
  const folder = await resultsOf(`
question: What runs out first?
seed: together
replications: 1
scenario:
  model: print-servers
  servers: 2
  horizonDays: 7
  parameters: {jobsPerDay: 300, profile: flat, dcsMax: 10000, remoteShare: 1, deleteShare: 0.2, Q224345: present}
factors: {room: {few: {handlesMax: 1000}, many: {handlesMax: 2000}}, spooler: [buggy, fixed]}
compare: {factor: spooler, baseline: buggy, against: fixed}
`);
  t.after(() => remove(folder));
  const results = await readResults(folder);
  const of = (name: string) => {
    return results.findings.leakRates.find(({ response, point }) => point.index === 0 && response.name === name)!.rate
      .value;
  };
  const { head, rows, legend } = ratesByLevel(results)!;
  assert.ok(legend!.includes("A freshly started server has 850 or 1850 handles left."), legend!.join("\n"));
  const together = of("leakedHandles") + of("leakedHandlesByRemoteCloses");
  assert.equal(rows[0]![head.indexOf("handles leaked a day")], together.toPrecision(3));
});
