/** lab/analysis/fleet-rates.ts: the parts of a fleet together, from servers.csv, summed by hand. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { readResults } from "../../../lab/reports/results-reader.ts";
import { poissonInterval } from "../../../statistics/compound-poisson.ts";
import { mean, meanEstimate, variance } from "../../../statistics/estimate.ts";
import { remove, resultsOf } from "../../support/small-results.ts";

/** A small site and a larger one, whose leaks take twice the memory. */
const fleetOfParts = `
question: What does all of it leak?
seed: fleet
replications: 4
scenario:
  model: print-servers
  horizonDays: 2
  parameters: {profile: flat, pauseDeleteShare: 0.3, textShare: 1, emfShare: 0, dcsMax: 40}
factors:
  site:
    small: {jobsPerDay: 60, servers: 2, heapBytesPerInstance: 16384}
    large: {jobsPerDay: 200, servers: 3, heapBytesPerInstance: 32768}
  spooler: [buggy, fixed]
fleet: site
`;

type Row = Readonly<Record<string, string>>;

let results: string;
let rates: Row[];
let servers: Row[];
before(async () => {
  results = await resultsOf(fleetOfParts, "parts");
  rates = parse(await readFile(join(results, "leak-rates.csv"), "utf8"), { columns: true });
  servers = parse(await readFile(join(results, "servers.csv"), "utf8"), { columns: true });
});
after(() => remove(results));

function rateOf(site: string, spooler: string, resource: string): Row {
  return rates.find((row) => row.site === site && row.spooler === spooler && row.resource === resource)!;
}

function assertNear(cell: string, value: number): void {
  assert.ok(Math.abs(Number(cell) - value) <= 1e-12 * Math.abs(value), `${cell} is ${value}`);
}

/** What the servers with the bug leaked of a resource, by replication, and the rate of each. */
function leaked(resource: string, site?: string) {
  const own = servers.filter((row) => row.spooler === "buggy" && (site === undefined || row.site === site));
  const totals = ["0", "1", "2", "3"].map((replication) => {
    return own.filter((row) => row.replication === replication).reduce((sum, row) => sum + Number(row[resource]), 0);
  });
  return { totals, rates: own.map((row) => Number(row[resource]) / 2) };
}

test("a row of all sites has their servers, exposure and leaks, with an interval between replications", () => {
  for (const resource of ["processorsLeaked", "leakedPrivateBytes"]) {
    const [row, { totals, rates }] = [rateOf("all", "buggy", resource), leaked(resource)];
    assert.deepEqual([row.servers, row.replications, row.exposureServerDays], ["5", "4", "40"]);
    assertNear(
      row.leaked,
      totals.reduce((sum, total) => sum + total, 0),
    );
    const { value, lower, upper } = meanEstimate(totals, 10);
    assertNear(row.ratePerServerDay, value);
    assert.ok(Number(row.lower) <= lower && Number(row.upper) >= upper, `${row.lower} .. ${row.upper}`);
    assert.equal(row.between, "replications");
    assertNear(row.betweenServers, Math.sqrt(variance(rates)));
  }
});

test("the spread between servers of a site is its own, and the spread of all includes the differences between sites", () => {
  const spreads = ["small", "large", "all"].map((site) => rateOf(site, "buggy", "processorsLeaked").betweenServers);
  const [small, large, all] = spreads.map(Number);
  assertNear(String(small), Math.sqrt(variance(leaked("processorsLeaked", "small").rates)));
  assertNear(String(large), Math.sqrt(variance(leaked("processorsLeaked", "large").rates)));
  assert.ok(all > Math.max(small, large), `${spreads}`);
});

test("parts share random numbers, so no interval treats their leaks as independent", () => {
  const { totals } = leaked("processorsLeaked");
  const row = rateOf("all", "buggy", "processorsLeaked");
  const count = totals.reduce((sum, total) => sum + total, 0);
  assertNear(row.leaks, count);
  assertNear(row.dispersion, variance(totals) / mean(totals));
  // Two parts may leak at once: at least twice the interval of half as many leaks.
  const twice = poissonInterval(Math.round(count / 2));
  assert.ok(Number(row.upper) > (2 * twice.upper - 2) / 40 && Number(row.lower) < (2 * twice.lower + 2) / 40);
});

test("the times of all servers to a ceiling make one curve", () => {
  const times = servers
    .filter(({ spooler }) => spooler === "buggy")
    .map(({ dcCeilingUs }) => dcCeilingUs)
    .map((time) => (time === "" ? Infinity : Number(time) / 86400e6))
    .sort((a, b) => a - b);
  const row = rateOf("all", "buggy", "leakedDcs");
  const reached = times.filter((time) => time < Infinity);
  assert.equal(Number(row.ceilingReached), reached.length);
  assert.ok(reached.length > 10 && reached.length < 20, `${reached.length} of 20`);
  assertNear(row.ceilingDaysMedian, times[9]);
  assertNear(row.ceilingDaysRestrictedMean, mean(times.map((time) => Math.min(time, 2))));
});

test("results read back from a folder are the same, and the fixed fleet leaks nothing", async () => {
  const { findings } = await readResults(results);
  const leaks = findings.fleetRates.filter(({ response }) => response.name === "leakedPrivateBytes");
  assert.deepEqual(
    leaks.map(({ point, rate, betweenServers }) => [point.levels.spooler, rate.value, betweenServers]),
    [["buggy", "fixed"].map((spooler) => rateOf("all", spooler, "leakedPrivateBytes"))]
      .flat()
      .map((row) => [row.spooler, Number(row.ratePerServerDay), Number(row.betweenServers)]),
  );
  assert.equal(rateOf("all", "fixed", "processorsLeaked").ratePerServerDay, "0");
});

test("a fleet is a factor of two levels or more that is not compared", async () => {
  const file = join(results, "..", "wrong.yaml");
  const refused = async (fleet: string, message: string) => {
    const compare = "compare: {factor: spooler, baseline: buggy, against: fixed}\n";
    await writeFile(file, fleetOfParts.replace("fleet: site", `fleet: ${fleet}`) + compare);
    const load = async () => designPoints(await loadExperiment(file));
    await assert.rejects(load, (error: Error) => {
      assert.match(error.message, /wrong\.yaml:14:1 /);
      return error.message.endsWith(message);
    });
  };
  await refused("sites", 'fleet is "sites"; one of site, spooler; did you mean site?');
  await refused("spooler", 'fleet is "spooler"; compared levels are not parts of one fleet');
});
