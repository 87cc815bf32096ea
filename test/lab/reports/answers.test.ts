/** lab/reports/answers.ts: what results say, in sentences. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { mapEach } from "../../../lab/lists.ts";
import { projectionOf } from "../../../lab/analysis/projection.ts";
import { paceOf, answers } from "../../../lab/reports/answers.ts";
import { labelOf } from "../../../lab/reports/format.ts";
import { responses as printServers } from "../../../models/print-servers/responses.ts";
import type { AnalyzedPlan } from "../../../lab/reports/summary-table.ts";
import { summaryTables } from "../../../lab/reports/summary-tables.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { arriving, memory, plan, results } from "../../support/fake-results.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

/** Buggy leaks 50 bytes a server and day in one replication and 100 in the other: 75 +- 12.7 * 25. */
async function analyzed(changed: Partial<AnalyzedPlan["plan"]["experiment"]> = {}): Promise<AnalyzedPlan> {
  const changedPlan = { ...plan, experiment: { ...plan.experiment, ...changed } };
  return { plan: changedPlan, findings: await aggregateResults(changedPlan, arriving(results), memory().openTable) };
}

test("a comparison is answered by its difference, the interval, and the time to symptom", async () => {
  assert.deepEqual(answers(await analyzed()), [
    "office: with spooler buggy, a server leaks at least 75.0 B of bytes a day (95 % interval 20 to 142); with spooler " +
      "fixed, none. The leak rate is a lower bound: it is an average over all simulated days, and a server leaks less once " +
      "a resource has run out. With spooler buggy, servers run out of it after 1.50 days (median of 6 servers).",
  ]);
});

test("servers that run out, and servers whose users notice, are counted in a grammatical sentence", async () => {
  const { plan: planned, findings } = await analyzed();
  const of = (symptom: boolean, reached: readonly [number, number], servers = 3) => {
    const points = mapEach(planned.points, (point) => {
      const { model } = point.resolved;
      const responses = model.responses.map((one) => (one.role === "eventTime" ? { ...one, symptom } : one));
      const resolved = { ...point.resolved, model: { ...model, responses } } as typeof point.resolved;
      return { ...point, scenario: { ...point.scenario, servers }, resolved };
    });
    const replications = servers === 1 ? 1 : 2;
    const leakRates = findings.leakRates.map((row) => {
      const { index } = row.point;
      return { ...row, point: points[index]!, replications, ceilingReached: reached[index]!, ceilingDaysMedian: NaN };
    });
    const comparisons = findings.comparisons.map((one) => {
      return { ...one, point: points[one.point.index]!, against: points[one.against.index]! };
    });
    const changed = { plan: { ...planned, points }, findings: { ...findings, leakRates, comparisons } };
    return answers(changed as unknown as AnalyzedPlan)[0];
  };
  assert.match(
    of(true, [2, 1]),
    /[Uu]sers of 2 of 6 servers notice within 2 days; with spooler fixed, users of 1 of 6 servers do\./,
  );
  assert.match(of(true, [1, 0]), /[Uu]sers of 1 of 6 servers notice within 2 days\./);
  assert.match(
    of(true, [1, 1], 1),
    /[Uu]sers of the only server notice within 2 days; with .*, users of the only server do\./,
  );
  assert.match(
    of(false, [2, 1]),
    /2 of 6 servers run out of it within 2 days; with spooler fixed, 1 of 6 servers does\./,
  );
  assert.match(
    of(false, [1, 2]),
    /1 of 6 servers runs out of it within 2 days; with spooler fixed, 2 of 6 servers do\./,
  );
});

test("two rates that are both lower bounds are given as such, without their difference", async () => {
  const { plan, findings } = await analyzed();
  const leakRates = findings.leakRates.map((row) => ({ ...row, isLowerBound: true }));
  const comparisons = findings.comparisons.map((row) => ({ ...row, againstMean: row.baselineMean / 2 }));
  assert.match(
    answers({ plan, findings: { ...findings, leakRates, comparisons } })[0],
    /^office: with spooler buggy, a server leaks at least 75\.0 B of bytes a day, and with spooler fixed, at least 37\.5\. Both leak rates are lower bounds, so their difference is unknown: they are averages over .*\. With spooler buggy, servers run out/,
  );
});

test("the best of levels at which a resource ran out may be the one that leaks less because it did", async () => {
  const best = { response: "bytes", wanted: "least", indifference: 1, firstStage: 2 } as const;
  const analyzedBest = await analyzed({ compare: { ...plan.experiment.compare!, best } });
  const of = (isLowerBound: boolean) => {
    const leakRates = analyzedBest.findings.leakRates.map((row, i) => ({
      ...row,
      isLowerBound: isLowerBound && i === 0,
    }));
    return answers({ ...analyzedBest, findings: { ...analyzedBest.findings, leakRates } }).at(-1)!;
  };
  assert.match(
    of(true),
    /Kim-Nelson procedure\)\. With spooler buggy, a resource ran out, after which a server leaks less: fewer leaks need not be better\.$/,
  );
  assert.match(of(false), /Kim-Nelson procedure\)\.$/);
});

test("a question about responses is answered with them in their order, and the table begins with them", async () => {
  const compare = plan.experiment.compare!;
  const known = (await analyzed()).findings.comparisons.map(({ response }) => response.name);
  const requested = ["jobs", "bytes"].filter((name) => known.includes(name));
  assert.equal(requested.length, 2);
  const answered = await analyzed({ compare: { ...compare, responses: requested } });
  assert.deepEqual(
    answers(answered).map((one) => one.slice(0, 45)),
    ["office: spooler fixed means as many jobs as s", "office: with spooler buggy, a server leaks at"],
  );
  assert.deepEqual(
    summaryTables(answered).comparison!.rows.map((row) => row[1]),
    ["jobs", "bytes [B]"],
  );
  const reversed = await analyzed({ compare: { ...compare, responses: [...requested].reverse() } });
  assert.deepEqual(answers(reversed), answers(answered).reverse());
});

test("equal times are worded as much, equal numbers as many", async () => {
  const answered = await analyzed({ compare: { ...plan.experiment.compare!, responses: ["jobs"] } });
  const comparisons = answered.findings.comparisons.map((one) => {
    return one.response.name === "jobs"
      ? { ...one, response: { ...one.response, unit: "us", label: "downtime" } }
      : one;
  });
  const findings = { ...answered.findings, comparisons };
  assert.match(answers({ plan: answered.plan, findings })[0], /^office: spooler fixed means as much downtime as s/);
});

test("the label of a time can be more or less, not the people or things that have it", () => {
  const labels = ["printersHiddenUs", "stuckUs", "guardUs"].map((name) => {
    return labelOf(printServers.find((one) => one.name === name)!);
  });
  assert.deepEqual(labels, ["time without printers", "time stuck", "time in print processors"]);
});

test("a question about a response that is not compared is refused with its position", async () => {
  const compare = { ...plan.experiment.compare!, responses: ["jobsStarvd"] };
  await assert.rejects(analyzed({ compare }), /compare\.responses\.0.*jobsStarvd/);
});

test("without a comparison, the answer compares with closed forms", async () => {
  const [sentence] = answers(await analyzed({ compare: undefined }));
  assert.match(
    sentence,
    // z is 5 / 2.2377 at both levels; 2 * 2 * t.sf(2.2345, 5) of scipy is 0.151.
    /^2 of 2 simulated means lie within 2.6 standard errors of their closed form \(19 in 20 are expected\); the farthest is 2\.23 away \(p at most 0\.151 for the farthest of 2\)/,
  );
});

test("means without an interval are said to have no known distance, and equal ones without variance to be equal", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const [mean] = findings.meanValues;
  const ratio = { ...mean.ratio, standardError: NaN, lower: NaN, upper: NaN };
  const of = (servers: number, replications: number, closedForm: number) => {
    const points = mapEach(planned.points, (point) => ({ ...point, scenario: { ...point.scenario, servers } }));
    const experiment = { ...planned.experiment, replications };
    const meanValues = [{ ...mean, ratio, closedForm }];
    return answers({ plan: { ...planned, experiment, points }, findings: { ...findings, meanValues } });
  };
  assert.deepEqual(of(1, 1, 1e9), [
    "How far the simulated means are from their closed form is unknown: one replication gives no interval; take two or more.",
  ]);
  assert.match(of(1, 1, ratio.value)[0]!, /unknown \(1 of 1 equal it exactly\): one replication/);
  assert.deepEqual(of(1, 2, ratio.value), ["1 of 1 simulated means equal their closed form exactly."]);
});

test("means that nothing was observed of are not counted", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const unseen = { value: NaN, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  const of = (...ratios: object[]) => {
    const meanValues = ratios.map((ratio) => ({ ...findings.meanValues[0], ratio })) as typeof findings.meanValues;
    return answers({ plan: planned, findings: { ...findings, meanValues } })[0]!;
  };
  const { ratio } = findings.meanValues[0];
  assert.match(of(ratio, unseen), /^1 of 1 simulated means lie within/);
  assert.match(of(unseen, unseen), /^site office, spooler buggy leaks/);
});

test("a probability too small to compute is a bound, and one of 1 is left out", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const of = (standardError: number) => {
    const [{ ratio, ...mean }] = findings.meanValues;
    const servers = mapEach(planned.points, (point) => ({ ...point, scenario: { ...point.scenario, servers: 1e4 } }));
    const row = { ...mean, ratio: { ...ratio, standardError } };
    const meanValues = [row, row];
    return answers({ plan: { ...planned, points: servers }, findings: { ...findings, meanValues } })[0]!;
  };
  assert.match(of(1e-12), /5000000000000\.00 away \(p < 1e-300 for the farthest of 2\)/);
  assert.match(of(1e9), /0\.00 away;/);
});

test("a side that leaks alone has the interval of its rate, not that of the difference", async () => {
  const { plan: planned, findings } = await analyzed();
  // The difference may be negative, the rate cannot.
  const comparisons = findings.comparisons.map((row) => {
    return row.response.name === "bytes" ? { ...row, difference: { ...row.difference, lower: -22 } } : row;
  });
  const [sentence] = answers({ plan: planned, findings: { ...findings, comparisons } });
  assert.match(
    sentence!,
    /a server leaks at least 75\.0 B of bytes a day \(95 % interval 20 to 142\); with spooler fixed, none; the difference may be chance\./,
  );
});

test("without a comparison or closed form the answer gives the rates, one for each design point", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const sentences = answers({ plan: planned, findings: { ...findings, meanValues: [] } });
  assert.deepEqual(
    sentences.map((one) => one.slice(0, 60)),
    [
      "site office, spooler buggy leaks at least 75.0 (95 % interva",
      "site office, spooler fixed leaks 0 (95 % interval 0 to 30.7)",
    ],
  );
});

test("the answer is about a leak that occurred, even if it is not the model's first", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const [seen] = findings.leakRates;
  const unseen = { ...seen, leaked: 0, rate: { ...seen.rate, value: 0, lower: 0 } };
  const [sentence] = answers({ plan: planned, findings: { ...findings, meanValues: [], leakRates: [unseen, seen] } });
  assert.match(sentence, /^site office, spooler buggy leaks at least 75\.0/);
});

test("the answer gives the number of roll-outs for each decision of the judge", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const passed = { eventTime: "fullUs", words: "the judge passes the canaries in" };
  const trial = { noun: "roll-out", passed, halted: { eventTime: "fullUs", words: "halts" } };
  const [first, second] = planned.points.map((point, i) => {
    const rollouts =
      i === 0 ? { total: 10, passed: 5, halted: 4, undecided: 1 } : { total: 10, passed: 0, halted: 0, undecided: 10 };
    const resolved = { ...point.resolved, model: { ...point.resolved.model, trial } };
    return { point: { ...point, resolved }, rates: [], eventTimes: [], isAttended: true, rollouts };
  });
  // Wilson's interval of 5 of 10, as binom::binom.confint of R gives it: 0.2366 to 0.7634; of 0 of 10: 0 to 0.2775.
  assert.deepEqual(
    answers({ plan: planned, findings: { ...findings, meanValues: [], operationalImpact: [first, second] } }),
    [
      "site office, spooler buggy: the judge passes the canaries in 5 of 10 roll-outs (95 % interval 24 to 76 %) and " +
        "halts 4; 1 is undecided after 2 days.",
      "site office, spooler fixed: the judge passes the canaries in 0 of 10 roll-outs (95 % interval 0 to 28 %) and " +
        "halts 0; 10 are undecided after 2 days.",
    ],
  );
  const undecided = { ...findings, meanValues: [], operationalImpact: [second] };
  assert.match(answers({ plan: planned, findings: undecided })[0], /leaks at least 75\.0/);
});

test("findings of nothing give no answer and no tables", async () => {
  const { plan: planned, findings } = await analyzed({ compare: undefined });
  const nothing = { ...findings, meanValues: [], leakRates: [], comparisons: [] };
  assert.deepEqual(answers({ plan: planned, findings: nothing }), []);
  assert.deepEqual(summaryTables({ plan: planned, findings: nothing }), {});
});

test("a forecast from whole weeks uses their rate, and one from other days says that it treats all days alike", () => {
  const [point] = plan.points;
  const of = (horizonDays: number) => paceOf({ ...point, scenario: { ...point.scenario, horizonDays } });
  assert.deepEqual([7, 28, 5, 0.5].map(of), [
    "at this rate",
    "at this rate",
    "if every day were like the simulated ones,",
    "if every day were like the simulated ones,",
  ]);
  const model = { ...point.resolved.model, startsOnMonday: true } as const;
  const monday = { ...point, scenario: { ...point.scenario, horizonDays: 1 }, resolved: { ...point.resolved, model } };
  assert.equal(paceOf(monday), "if every day were like the simulated Monday,");
});

test("what runs out first counts all leaks of a resource, has no interval if the rate has none, and names its rivals", async (t) => {
  const folder = await resultsOf(`
question: What runs out first?
seed: ahead
replications: 1
scenario:
  model: print-servers
  servers: 1
  horizonDays: 7
  parameters: {jobsPerDay: 500, profile: flat, handlesMax: 1000, remoteShare: 1, deleteShare: 0.2}
factors:
  bugs:
    two: {Q224345: present}
    piped: {spooler: fixed, Q226513: present}
    raw: {jobsPerDay: 50, textShare: 0, emfShare: 0}
`);
  t.after(() => remove(folder));
  const analyzed = await readResults(folder);
  const { rate } = projectionOf(analyzed.plan, analyzed.plan.points[0], analyzed.findings.leakRates)!;
  const leaked = ["leakedHandles", "leakedHandlesByRemoteCloses"].map((name) => {
    return analyzed.findings.leakRates.find(({ response }) => response.name === name)!.leaked;
  });
  assert.equal(rate.value.toPrecision(12), ((leaked[0]! + leaked[1]!) / 7).toPrecision(12));
  const [two, piped, raw] = answers(analyzed);
  assert.match(
    two!,
    /A server leaks [\d.]+ handles a day in all; at that rate they are the first resource to run out, after about \d+ days \(\d+ to \d+\)\.$/,
  );
  assert.match(piped!, /At this rate nonpaged pool bytes are the first resource to run out, after about [\d.]+ \w+\.$/);
  // RAW jobs leak none, but a week of one server does not show that TEXT jobs are impossible.
  assert.match(raw!, /handles a day; at that rate .*\. Printer DCs, of which none leaked, may run out earlier\.$/);
});
