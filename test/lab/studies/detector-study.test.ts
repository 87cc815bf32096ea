/** lab/studies/detector-study.ts: detectors tried on servers whose leaks are known. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { realistic } from "../../../lab/traces/measurement.ts";
import { benchDetectors, detectorsTable, type Detection, type Watching } from "../../../lab/studies/detector-study.ts";
import { textOf } from "../../support/fake-results.ts";
import { queues, remove, resultsOf } from "../../support/small-results.ts";

/** An office of few jobs, some of whose servers leak within ten days, and some late. */
const office = `
question: Which detector finds it?
seed: bench
replications: 3
scenario: {model: print-servers, servers: 2, horizonDays: 10, parameters: {jobsPerDay: 60, site: office}}
factors:
  pauseDeleteShare: [0, 0.05]
  spooler: [buggy, fixed]
compare: {factor: spooler, baseline: buggy, against: fixed}
`;

let results: string;
before(async () => void (results = await resultsOf(office, "office")));
after(() => remove(results));

const watching: Watching = {
  everyMinutes: [360, 1440],
  gauges: [],
  servers: 9,
  level: 0.05,
  at: "",
  workers: 1,
  sliceSize: 64,
  signal: new AbortController().signal,
};

let detection: Promise<Detection> | undefined;
/** What several tests look at. */
const benched = () => (detection ??= benchDetectors(results, watching));

const csvOf = ({ plan, verdicts }: Detection) => textOf(detectorsTable(plan), verdicts);

type Row = Readonly<Record<string, string>>;

function parsed(csv: string): Row[] {
  return parse(csv, { columns: true });
}

test("workers, slices and the order of gauges change no byte of the table", async () => {
  const one = await csvOf(await benched());
  assert.equal(await csvOf(await benchDetectors(results, { ...watching, workers: 2, sliceSize: 1 })), one);
});

test("the truth is the ledger's: servers.csv of the results shows who leaks", async () => {
  const servers = parsed(await readFile(join(results, "servers.csv"), "utf8"));
  const { verdicts } = await benched();
  for (const { point, sound, leaking } of verdicts) {
    const { pauseDeleteShare, spooler } = point.levels;
    const own = servers.filter((row) => row.pauseDeleteShare === pauseDeleteShare && row.spooler === spooler);
    const leaked = own.filter((row) => Number(row.processorsLeaked) > 0).length;
    assert.deepEqual([leaking.servers, sound.servers], [leaked, own.length - leaked]);
    if (spooler === "fixed") assert.equal(leaked, 0);
  }
  assert.ok(verdicts.some(({ leaking }) => leaking.servers > 0));
});

test("alarms are counted by the rules: at most one each, and a delay within the horizon", async () => {
  const { verdicts } = await benched();
  for (const { sound, leaking, delayDaysMedian } of verdicts) {
    // The horizon is the last look.
    assert.ok(sound.atHorizon <= sound.ever && sound.ever <= sound.servers);
    assert.ok(leaking.atHorizon <= leaking.ever && leaking.ever <= leaking.servers);
    assert.ok(Number.isNaN(delayDaysMedian) || (delayDaysMedian >= 0 && delayDaysMedian <= 10));
    if (leaking.ever === 0) assert.ok(Number.isNaN(delayDaysMedian));
    if (leaking.servers > 0 && leaking.ever === leaking.servers) assert.ok(!Number.isNaN(delayDaysMedian));
  }
});

test("readings are those of a run that samples as often, whatever else is read with them", async () => {
  const both = await benched();
  const daily = await benchDetectors(results, { ...watching, everyMinutes: [1440] });
  const ofBoth = await csvOf({ ...both, verdicts: both.verdicts.filter(({ everyMinutes }) => everyMinutes === 1440) });
  assert.equal(await csvOf(daily), ofBoth);
});

test("only the fleet compared against is a control, and its difference from itself is not an alarm", async () => {
  const { verdicts } = await benched();
  const twins = verdicts.filter(({ detector }) => detector.name === "less-twin");
  assert.equal(twins.length, 4 * 2);
  for (const { point, sound } of twins) if (point.levels.spooler === "fixed") assert.equal(sound.ever, 0);
  const alone = await benchDetectors(results, { ...watching, at: "spooler=buggy" });
  assert.ok(alone.verdicts.every(({ detector }) => !detector.name.startsWith("less-")));
  assert.equal(alone.plan.points.length, 2);
});

test("fewer servers are the first ones of more", async () => {
  const { verdicts } = await benchDetectors(results, { ...watching, servers: 1 });
  for (const { sound, leaking } of verdicts) assert.equal(sound.servers + leaking.servers, 3);
});

test("the table gives every number with its unit, and a share of nobody is empty", async () => {
  const rows = parsed(await csvOf(await benchDetectors(results, { ...watching, gauges: ["handles"] })));
  const fixed = rows.find((row) => row.spooler === "fixed")!;
  assert.deepEqual([fixed.gauge, fixed.everyHours, fixed.level, fixed.soundServers], ["handles", "6", "0.05", "6"]);
  assert.deepEqual([fixed.leakingServers, fixed.detectionShare, fixed.delayDaysMedian], ["0", "", ""]);
});

test("an invalid study of detectors is refused in one line", async () => {
  const refused = (change: Partial<Watching>, rule: RegExp) =>
    assert.rejects(benchDetectors(results, { ...watching, ...change }), rule);
  const readable = "print-servers can read privateBytes, handles, pagedPoolBytes, nonpagedPoolBytes";
  await refused({ gauges: ["gdiHandles"] }, new RegExp(`gauges has gdiHandles; .* ${readable}$`));
  await refused({ at: "spooler=bugy" }, /: at spooler=bugy: bugy is not a level of spooler/);
  await refused({ everyMinutes: [1] }, /: everyMinutes 1: 14400 readings in 10 days; the bench takes 1 to 4096/);
  await refused({ everyMinutes: [20 * 1440] }, /everyMinutes 28800: 0 readings in 10 days/);
  const mm1 = await resultsOf(queues, "queues");
  await assert.rejects(benchDetectors(mm1, watching), /mm1 has no response of role leak/);
  await remove(mm1);
  const model = "question: q\nseed: 1\nreplications: 1\nscenario: {model: exhaustion, servers: 1, horizonDays: 7}\n";
  const exhaustion = await resultsOf(model, "exhaustion");
  await assert.rejects(benchDetectors(exhaustion, watching), /an administrator of exhaustion can read no gauge/);
  await remove(exhaustion);
});

test("with realistic counters the truth stays the same, and a filling cache is called a leak", async () => {
  const exact = (await benched()).verdicts;
  const real = (await benchDetectors(results, { ...watching, measurement: realistic })).verdicts;
  assert.deepEqual(
    real.map(({ sound, leaking }) => [sound.servers, leaking.servers]),
    exact.map(({ sound, leaking }) => [sound.servers, leaking.servers]),
  );
  const falseAlarms = (verdicts: Detection["verdicts"], gauge: string) =>
    verdicts
      .filter((one) => one.gauge === gauge && one.detector.name === "day-minima")
      .reduce((sum, { sound }) => sum + sound.ever, 0);
  assert.equal(falseAlarms(exact, "privateBytes"), 0);
  assert.ok(falseAlarms(real, "privateBytes") > 0, "a cache that fills for days rises at night, too");
});
