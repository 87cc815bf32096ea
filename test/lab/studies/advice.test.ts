/**
 * lab/studies/advice.ts: policies of a small fleet, priced, against the tables that a run of the same experiment
 * writes; a fleet of two parts; a quiet fleet; and what is refused.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { adviceOn, type Advice, type Work } from "../../../lab/studies/advice.ts";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { AFTER_HORIZON_DAYS } from "../../../lab/studies/restart-calendar.ts";
import { derive, withOverrides } from "../../../lab/experiment/override.ts";
import { runExperiment } from "../../../lab/run-experiment.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { partsOf, refuseUndecided } from "../../../lab/studies/fleet-parts.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import type { PolicyCost } from "../../../lab/studies/policy-costs.ts";
import { mean } from "../../../statistics/estimate.ts";
import { waitOrWeekly } from "../../cases/known-optimum.ts";

/** Runs out of printer DCs within a day. */
const scenario = `
question: What is to be done?
seed: advice
replications: 3
scenario:
  model: print-servers
  servers: 2
  horizonDays: 2
  sampleEveryHours: 24
  parameters: {jobsPerDay: 150, profile: flat, controlMsMedian: 300, pauseDeleteShare: 0.5, textShare: 1, emfShare: 0,
    dcsMax: 60, staggerMinutes: 0, restartEveryHours: 0}
`;
const policies = `
  policy:
    wait: {restartEveryHours: 0}
    often: {restartEveryHours: 12}
    hotfix: {patchOrder: hotfix, patchAtDays: 0.25, windowDays: every-day, windowHours: 24}
compare: {factor: policy, baseline: wait}
`;

const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
const timeout = 240_000;

let folder: string;
let experiment: Experiment;
let advice: Advice;
/** What was reported on the way to the advice, in this order. */
const reports: (Work | "progress")[] = [];

async function written(name: string, yaml: string): Promise<Experiment> {
  await writeFile(join(folder, `${name}.yaml`), yaml);
  return loadExperiment(join(folder, `${name}.yaml`));
}

function advised(of: Experiment, how: object = {}, prices: readonly string[] = []): Promise<Advice> {
  return adviceOn(of, { ...machine, at: "", prices, ...how });
}

before(
  async () => {
    folder = await mkdtemp(join(tmpdir(), "spoolsim-advice-"));
    experiment = await written("small", `${scenario}factors:${policies}`);
    const before = (work: Work) => void reports.push(work);
    advice = await advised(experiment, { before, progress: () => void reports.push("progress") });
  },
  { timeout },
);

after(() => rm(folder, { recursive: true }));

test("the work is announced before it begins, and its progress is reported", () => {
  const [work, ...rest] = reports;
  assert.ok(typeof work === "object" && work.designPoints > 3);
  // At least the three policies: 3 replications of 2 servers for 2 days each.
  assert.ok(work.serverDays >= 3 * 12);
  assert.ok(rest.length > 0 && rest.every((report) => report === "progress"));
});

test("a policy's quantities per server-day are those of its rows of servers.csv", { timeout }, async () => {
  const out = join(folder, "results");
  const days = experiment.scenario.horizonDays + AFTER_HORIZON_DAYS;
  const simulated = { path: "horizonDays", setting: days, position: "the test" };
  await runExperiment(derive(experiment, [simulated]), {
    ...machine,
    out,
    force: false,
    command: "spoolsim run small",
    cache: undefined,
  });
  const servers = parse<Record<string, string>>(await readFile(join(out, "servers.csv")), { columns: true });
  for (const { name, perServerDay, fates } of advice.whole.policies) {
    const own = servers.filter(({ policy }) => policy === name);
    assert.equal(own.length, 6);
    for (const [k, { response, size }] of advice.prices.entries()) {
      const isTime = response === "printersLostUs";
      const total = own.reduce((sum, row) => sum + (isTime ? Number(row[response] !== "") : Number(row[response])), 0);
      assert.ok(Math.abs(perServerDay[k] - total / (own.length * days * size)) <= 1e-9 * total, `${name}, ${response}`);
    }
    assert.equal(fates[0].fixed, own.filter(({ fixedUs }) => fixedUs !== "").length);
  }
  assert.deepEqual(
    advice.whole.policies.map(({ fates }) => fates[0].kind),
    ["ran-out", "restarted", "fixed"],
  );
});

test("the best policy costs least, the present one is the baseline, and fresh runs judge both", () => {
  const { policies: compared, best, asIs, judged } = advice.whole;
  const means = compared.map(({ cost }) => cost.value);
  assert.equal(means[best], Math.min(...means));
  assert.equal(compared[asIs].name, "wait");
  assert.ok(compared[best].above.isCandidate);
  assert.notEqual(judged.cost.value, compared[best].cost.value, "other random numbers");
  assert.ok(Math.abs(judged.cost.value / compared[best].cost.value - 1) < 0.5, "of the same fleet");
  assert.ok(judged.saved.lower > 0);
});

test("what a policy decides is not a setting of all servers", () => {
  const { restartEveryHours: _, ...common } = experiment.scenario.parameters;
  assert.deepEqual(advice.settings, common);
});

test("the chosen restart interval is the compared policy with the same settings, if there is one", () => {
  const { chosen } = advice.parts[0].restarts;
  assert.equal(chosen!.policy, chosen!.hours === 12 ? "often" : undefined);
});

test("a policy has the name of its level, after that of the factor if the level is a number", { timeout }, async () => {
  assert.deepEqual(
    advice.levels.map(({ name }) => name),
    advice.whole.policies.map(({ name }) => name),
  );
  const levels = "restartEveryHours: [0, 12]\ncompare: {factor: restartEveryHours, baseline: 12}\n";
  const numbers = await written("numbers", `${scenario}factors:\n  ${levels}`);
  const { levels: explained, whole } = await advised(numbers);
  assert.deepEqual(
    whole.policies.map(({ name }) => name),
    ["restartEveryHours 0", "restartEveryHours 12"],
  );
  assert.equal(whole.policies[whole.asIs].name, "restartEveryHours 12");
  assert.deepEqual(explained, []);
});

test("a stuck job that prints after a restart is not priced as one that never prints", () => {
  const amountOf = (policy: number, price: string) => {
    const k = advice.prices.findIndex(({ name }) => name === price);
    return advice.whole.policies[policy].perServerDay[k];
  };
  assert.ok(amountOf(0, "unprintedJob") > 10 * amountOf(1, "unprintedJob"));
  assert.notEqual(advice.whole.policies[advice.whole.best].name, "wait");
});

test("the world that the scenario assumes is the one in which the policies were priced", () => {
  const { worlds } = advice.parts[0].observation;
  const assumed = worlds.find(({ value }) => value === 300)!;
  assert.equal(assumed.cost, Math.min(...advice.whole.policies.map(({ cost }) => cost.value)));
  assert.deepEqual(
    worlds.map(({ value }) => value),
    [75, 300, 1200],
  );
  assert.ok(worlds.every(({ leaks, outlook }) => leaks > 0 && outlook!.days > 0 && outlook!.days < Infinity));
});

test("two workers and other slices give the same advice", { timeout }, async () => {
  assert.deepEqual(await advised(experiment, { workers: 2, sliceSize: 1 }), advice);
});

test("sums are for the named fleet", { timeout }, async () => {
  const { whole } = await advised(experiment, { fleetServers: 20 });
  assert.equal(whole.servers, 20);
  const [ten, one] = [whole, advice.whole].map(({ policies: compared, best }) => compared[best].cost.value);
  assert.ok(Math.abs(ten / one - 10) < 1e-9);
});

const sites = "\n  site: {office: {servers: 1}, help-desk: {servers: 2, jobsPerDay: 300}}";

test("a mixed fleet has one verdict, the sum of its parts, and one for each part", { timeout }, async () => {
  const base = scenario
    .replace("servers: 2\n", "servers: 1\n")
    .replace("jobsPerDay: 150, ", "")
    .replace("replications: 3", "replications: 2");
  const mixed = await written("mixed", `${base}fleet: site\nfactors:${sites}${policies}`);
  const { whole, parts } = await advised(mixed);
  assert.deepEqual(
    parts.map(({ name, servers }) => [name, servers]),
    [
      ["site=office", 1],
      ["site=help-desk", 2],
    ],
  );
  assert.equal(whole.servers, 3);
  for (const [i, { cost }] of whole.policies.entries()) {
    const sum = parts.reduce((all, part) => all + part.policies[i].cost.value, 0);
    assert.ok(Math.abs(cost.value - sum) <= 1e-9 * sum, `${cost.value}, not ${sum}`);
  }
  const alone = await advised(mixed, { at: "site=help-desk" });
  assert.deepEqual(alone.whole.policies, parts[1].policies);
});

test("factors beside the policy that are not parts of one fleet are refused with advice", async () => {
  const base = scenario.replace("servers: 2\n", "servers: 1\n").replace("jobsPerDay: 150, ", "");
  const unclear = await written("unclear", `${base}factors:${sites}${policies}`);
  await assert.rejects(advised(unclear, { at: "color=red" }), /at color=red: color is not a factor of unclear; its/);
  await assert.rejects(advised(unclear), /varies site \(office, help-desk\).* at site=office.*fleet: site/);
});

test("advice for a quiet fleet names what runs out and when, and waits only if that is after the year", async () => {
  const quiet = async (name: string, dcsMax: number) => {
    const base = scenario
      .replace("pauseDeleteShare: 0.5", "pauseDeleteShare: 0.02, printers: 1")
      .replace("replications: 3", "replications: 2")
      .replace("dcsMax: 60", `dcsMax: ${dcsMax}`);
    return advised(await written(name, `${base}factors:${policies}`), { unknown: "controlMsMedian=300:1,301:1" });
  };
  // Some three leaks a day, and room for 585 or for 4,985.
  const soon = await quiet("soon", 600);
  assert.equal(soon.whole.policies[0].cost.value, 0, "nothing happened in two days");
  assert.equal(soon.whole.policies[0].isSound, false);
  assert.notEqual(soon.whole.policies[soon.whole.best].name, "wait");
  const { outlook } = soon.whole.policies[0].fates[0];
  assert.ok(outlook!.days > 100 && outlook!.days < 365, `day ${outlook!.days}`);
  const late = await quiet("late", 5000);
  assert.equal(late.whole.policies[late.whole.best].name, "wait");
  assert.ok(late.whole.policies[0].fates[0].outlook!.days > 365);
});

test("accumulating stuck jobs never make waiting the advice, and the interval is near the known optimum", async () => {
  const known = waitOrWeekly("opt", 8);
  const all = await advised(known, { unknown: "controlMsMedian=30:1,31:1" });
  const { whole, parts } = all;
  const [wait, weekly] = whole.policies;
  assert.ok(wait.cost.value > 2 * weekly.cost.value, `${wait.cost.value}, ${weekly.cost.value}`);
  assert.deepEqual([wait.drains, weekly.drains], [false, false]);
  const { chosen } = parts[0].restarts;
  assert.ok(chosen!.hours >= 54 && chosen!.hours <= 72, `${chosen!.hours} h; the best are 60 to 66`);
  const { lower, upper } = whole.judged.cost;
  assert.ok(lower <= 1095 * 0.3186 && upper >= 1095 * 0.3015, "its interval holds the cost of the best ones");
  assert.equal(chosen!.policy, whole.policies[whole.best].name);
  const { verdict } = adviceWords(all, "EUR");
  assert.match(
    verdict,
    /^For opt, choose a restart every 65 h\. It costs EUR 3\d\d ± [\d.]+ a year for 3 servers; wait, /,
  );
});

test("an interval that is the verdict is what break-even prices and observations are compared with", async () => {
  const unknown = "dcsMax=40:1,80:1";
  const { whole, parts, prices } = await advised(waitOrWeekly("opt", 8), { unknown });
  const own = whole.policies[2];
  assert.equal(own.name, "a restart every 65 h");
  assert.equal(whole.best, 2);
  // With room for 80 leaks, 8 days, weekly restarts come in time and are the cheapest: of 52 restarts instead of 135.
  const { worlds, best } = parts[0].observation;
  assert.deepEqual(
    worlds.map((world) => whole.policies[world.best].name),
    [own.name, "weekly"],
  );
  assert.equal(best, 2);
  for (const { price, at, policy } of whole.breakEvens) {
    const costAt = ({ amounts }: PolicyCost) => {
      return amounts.reduce((sum, amount, k) => sum + amount * (prices[k].name === price ? at : prices[k].amount), 0);
    };
    assert.ok(Math.abs(costAt(whole.policies[policy]) / costAt(own) - 1) < 1e-9, price);
  }
});

test("with a posterior, an interval that is cheaper in the middle world is priced in all of them", async () => {
  const [short, long] = [{ dcsMax: 40 }, { dcsMax: 44 }];
  const worlds = [short, long, short, long, short];
  const posterior = { file: "posterior.csv", worlds, fresh: worlds, middle: short };
  const { whole, parts } = await advised(waitOrWeekly("opt", 8), { posterior });
  const own = whole.policies[whole.best];
  assert.equal(own.name, "a restart every 65 h");
  const costs = parts[0].observation.worlds.map(({ best, cost }) => (best === whole.best ? cost : NaN));
  assert.ok(Math.abs(own.cost.value - mean(costs)) < 1e-9, "the mean over the worlds");
  assert.notEqual(whole.judged.cost.value, parts[0].restarts.chosen!.cost.value);
});

test("an interval that is a compared policy costs the same in both tables, with jobs that are unprinted at the end", async () => {
  // Jobs that a restart gives back are paid for once; with a restart on day 24, some have starved by day 27.9.
  const known = waitOrWeekly("K1", 2);
  const settings = { restartEveryHours: 0, dcsMax: 49 };
  const parameters = { ...known.scenario.parameters, ...settings };
  const often = { name: "often", settings: { "parameters.restartEveryHours": 96 } };
  const [factor] = known.factors;
  const fleet: Experiment = {
    ...known,
    factors: [{ ...factor, levels: [factor.levels[0], often] }],
    scenario: { ...known.scenario, servers: 12, horizonDays: 27.9, parameters },
  };
  const { whole, parts, prices } = await advised(fleet, { unknown: "controlMsMedian=30:1,31:1" }, [
    "unprintedJob=1000",
  ]);
  const [, policy] = whole.policies;
  const unprinted = prices.findIndex(({ name }) => name === "unprintedJob");
  assert.ok(policy.amounts[unprinted] > 1);
  const { rows } = parts[0].restarts;
  assert.deepEqual(rows.find(({ hours }) => hours === 96)!.cost, policy.cost);
});

test("longer intervals are tried while the longest is the cheapest, and the last that fits is said to be it", async () => {
  const known = waitOrWeekly("long", 2);
  // Four hundred leaks at ten a day: no server runs out in 28 days, so an interval costs its restart.
  const parameters = { ...known.scenario.parameters, dcsMax: 400 };
  const slow = { ...known, scenario: { ...known.scenario, parameters } };
  const { parts } = await advised(slow, { unknown: "controlMsMedian=30:1,31:1" });
  const { chosen, rows } = parts[0].restarts;
  assert.deepEqual([chosen!.hours, chosen!.isLongest], [672, true]);
  const costs = new Map(rows.map(({ hours, cost }) => [hours, cost.value]));
  assert.ok(Math.abs(costs.get(672)! / costs.get(336)! - 0.5) < 0.1, "half as many restarts");
});

test("the worlds of a posterior are weighted in one verdict, whose interval is between them", { timeout }, async () => {
  const leaking = { controlMsMedian: 300, pauseDeleteShare: 0.5 };
  const quiet = { ...leaking, spooler: "fixed" };
  const posterior = {
    file: "posterior.csv",
    worlds: [leaking, leaking, quiet, quiet],
    fresh: [leaking, quiet],
    middle: leaking,
  };
  const { whole, parts, posterior: named, settings } = await advised(experiment, { posterior });
  const { controlMsMedian: _, pauseDeleteShare: __, ...others } = advice.settings;
  assert.deepEqual(settings, others, "the worlds decide the rest");
  assert.deepEqual(named, { file: "posterior.csv", worlds: 4, replications: 2 });
  const { worlds } = parts[0].observation;
  assert.deepEqual(
    worlds.map(({ value, weight, setting }) => [value, weight, setting]),
    posterior.worlds.map((setting, i) => [i + 1, 0.25, setting]),
  );
  assert.notEqual(worlds[0].outlook!.days, worlds[1].outlook!.days, "each world has chance of its own");
  assert.deepEqual([worlds[2].leaks, worlds[3].leaks], [0, 0]);
  const [wait] = whole.policies;
  const single = advice.whole.policies[0].cost.value;
  assert.ok(Math.abs(wait.cost.value / single - 0.5) < 0.2, `${wait.cost.value}, half of ${single}`);
  assert.ok(wait.cost.halfWidth > wait.cost.value, "half of the worlds cost nothing");
  assert.ok(whole.judged.range.lower < whole.judged.range.upper);
  const { reasons, basis, byPart } = adviceWords({ ...advice, whole, parts, posterior: named }, "EUR");
  assert.match(
    reasons.join(" "),
    /means over 4 worlds of posterior\.csv, other than those used to choose the policy, and their 95 % intervals are intervals of these means\. Yours is one world: a year of \S+ costs EUR /,
  );
  assert.match(
    basis.join(" "),
    /in 2 replications of each world, and restart intervals in \d+ replications of one world; .* Worlds: 4 draws of posterior\.csv, .* less than 25\.0 % of the weight/,
  );
  assert.match(byPart[0]!.observation, /which of these worlds is the true one/);
});

test("a policy that runs out of something in a fresh world only is not advised", { timeout }, async () => {
  const quiet = { spooler: "fixed", dcsMax: 60 };
  const slow = { spooler: "buggy", dcsMax: 400 };
  const posterior = { file: "posterior.csv", worlds: [quiet, quiet], fresh: [quiet, slow], middle: quiet };
  const quietly = await advised(experiment, { posterior });
  const { whole } = quietly;
  assert.match(
    adviceWords(quietly, "EUR").byPart[0]!.canaries.join(" "),
    /^No leak that a fix stops was simulated in the world for which canaries are planned, so canaries cannot prove a fix there\.$/,
  );
  const [wait] = whole.policies;
  assert.deepEqual([wait.cost.value, wait.isSound, wait.fates[0]!.kind], [0, false, "runs-out"]);
  assert.notEqual(whole.policies[whole.best]!.name, "wait");
});

test("a policy that restarts too late in a fresh world only is not advised", { timeout }, async () => {
  // Forty leaks at ten a day come between two weekly restarts, but not between two nightly ones.
  const known = waitOrWeekly("late", 2);
  const [factor] = known.factors;
  const nightly = { name: "nightly", settings: { "parameters.restartEveryHours": 24 } };
  const policies: Experiment = { ...known, factors: [{ ...factor, levels: [...factor.levels, nightly] }] };
  const [slow, fast] = [{ dcsMax: 400 }, { dcsMax: 40 }];
  const posterior = { file: "posterior.csv", worlds: [slow, slow], fresh: [slow, fast], middle: slow };
  const { whole } = await advised(policies, { posterior });
  const best = whole.policies[whole.best]!;
  assert.equal(best.name, "nightly");
  assert.ok(Math.abs(whole.judged.cost.value / best.cost.value - 1) < 0.1, "nothing runs out in any world");
});

test("policies that differ in their number of servers only have costs of their own", { timeout }, async () => {
  const levels = "\n  fleet: {two: {servers: 2}, one: {servers: 1}}\ncompare: {factor: fleet, baseline: two}\n";
  const daily = scenario.replace("restartEveryHours: 0", "restartEveryHours: 12");
  const { whole } = await advised(await written("smaller", `${daily}factors:${levels}`));
  const best = whole.policies[whole.best]!;
  assert.equal(best.name, "one");
  const { cost, saved } = whole.judged;
  assert.ok(saved.value > 0.5 * cost.value, `it saves about as much as it costs: ${saved.value} and ${cost.value}`);
});

test("a restart interval that is compared in the parts of a fleet is compared in the whole", { timeout }, async () => {
  const calm = scenario
    .replace("dcsMax: 60", "dcsMax: 2000")
    .replace("servers: 2", "servers: 1")
    .replace("horizonDays: 2", "horizonDays: 4");
  const levels = "\n  policy: {nightly: {restartEveryHours: 24}, often: {restartEveryHours: 12}}";
  const places = "\n  site: {office: {}, help-desk: {jobsPerDay: 100}}\ncompare: {factor: policy, baseline: nightly}\n";
  const mixed = await written("two-sites", `${calm}factors:${levels}${places}fleet: site\n`);
  const { whole, parts } = await advised(mixed);
  const names = parts.map(({ policies, best }) => policies[best]!.name);
  assert.deepEqual(names, ["a restart every 4 d", "a restart every 4 d"]);
  assert.equal(whole.policies[whole.best]!.name, names[0]);
  const sums = parts.map(({ judged }) => judged.cost.value);
  assert.ok(Math.abs(whole.judged.cost.value - (sums[0]! + sums[1]!)) < 1e-6);
});

test("what a factor varies is not unknown, and an experiment without a comparison has no advice", async () => {
  await assert.rejects(advised(experiment, { unknown: "restartEveryHours=1,2" }), /the factor policy varies it/);
  await assert.rejects(
    advised(experiment, { unknown: "hotfixed=true,false" }),
    /^UserError: unknown hotfixed=true,false: patchOrder is hotfix; no server of the fleet can take it/,
  );
  const { compare: _, ...alone } = experiment;
  await assert.rejects(advised(alone), /small has no compare, .* compare: \{factor: policy, baseline: wait\} as in/);
});

test("levels that are no policies are refused, with the levels that are", async () => {
  const refusalOf = async (name: string) =>
    advised(withOverrides(await loadExperiment(name), { quick: true })).then(
      () => "",
      (error: Error) => error.message,
    );
  assert.match(
    await refusalOf("related-bugs"),
    /related-bugs\.yaml:\d+:\d+ the level Q223863 of bugs is no policy: it differs from the present one, all, in Q224345 \(absent instead of present\), which nobody can decide\. .* \(only "bugs=all,all \+ roll-up,all \+ SP6"\), or compare such a factor, as restart-or-patch does$/,
  );
  assert.match(
    await refusalOf("alter-rate"),
    /^\S*alter-rate\.yaml:\d+:\d+ the level 0 of timesOffice .* 2, in deleteShare \(0 instead of 0\.04\), which nobody can decide\. [^(]*: compare such a factor/,
  );
});

test("the other experiments that ship and can be advised on compare policies", async () => {
  const { jobsPerDay } = (await designPoints(await loadExperiment("assumptions")))[0].levels;
  const ats = { assumptions: `jobsPerDay=${jobsPerDay}`, "restart-interval": "", "rollout-hazard": "", q223863: "" };
  for (const [name, at] of Object.entries({ ...ats, "restart-or-patch": "" })) {
    const shipped = await loadExperiment(name);
    const parts = await partsOf(shipped, at);
    assert.doesNotThrow(() => refuseUndecided(shipped, parts), name);
  }
});

/** The first refusal of two levels of a factor; the second is the present one. */
async function refusalOfLevels(name: string, one: string, present: string): Promise<string> {
  const levels = `factors:\n  which:\n    one: {${one}}\n    now: {${present}}\ncompare: {factor: which, baseline: now}\n`;
  const brief = scenario.replace("horizonDays: 2", "horizonDays: 0.5").replace("replications: 3", "replications: 2");
  return advised(await written(name, `${brief}${levels}`)).then(
    () => "",
    (error: Error) => error.message,
  );
}

test("a policy decides something, and what it assumes may differ with it, but no fact", { timeout }, async () => {
  const refusals = [
    await refusalOfLevels("site", "site: help-desk", "site: office"),
    await refusalOfLevels("days", "horizonDays: 1", "horizonDays: 2"),
    await refusalOfLevels("bug", "restartEveryHours: 6, Q224345: present", "restartEveryHours: 0"),
    await refusalOfLevels("fix", "spooler: fixed", "spooler: buggy"),
    await refusalOfLevels("load", "servers: 4, pagesMean: 2", "servers: 2"),
  ];
  const named = refusals.map((text) => /in (\w+) \(/.exec(text)?.[1]);
  assert.deepEqual(named, ["site", "horizonDays", "Q224345", undefined, undefined], refusals.join("\n"));
  assert.deepEqual(refusals.slice(3), ["", ""]);
});
