/** lab/experiment/override.ts: what the options of a command change, and the line that each mistake gets. */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { derive, withOverrides, type Overrides } from "../../../lab/experiment/override.ts";
import { argument } from "../../../lab/user-error.ts";
import { head, load, saying, yaml } from "../../support/yaml-file.ts";

test("options change the seed, the replications and the scenario, and nothing else", async () => {
  const experiment = await load(yaml);
  const set = [
    "pagesMean=3",
    "parameters.printers=7",
    "scenario.horizonDays=0.5",
    "emfHoldsDc=false",
    "site=mainframe",
  ];
  const changed = withOverrides(experiment, { seed: "b", replications: 1, servers: 9, set });
  assert.deepEqual(
    { ...changed, positions: experiment.positions },
    {
      ...experiment,
      seed: "b",
      replications: 1,
      scenario: {
        model: "print-servers",
        servers: 9,
        horizonDays: 0.5,
        sampleEveryHours: 24,
        parameters: { site: "mainframe", pagesMean: 3, printers: 7, emfHoldsDc: false },
      },
    },
  );
  assert.deepEqual(changed.positions["scenario.servers"], [argument("servers"), " 9:"]);
  assert.deepEqual(changed.positions["scenario.parameters.pagesMean"], [argument("set"), " pagesMean=3:"]);
  assert.equal(experiment.scenario.servers, 3, "the experiment itself stays what it was");
});

test("quick makes an experiment small, and other options override it", async () => {
  const experiment = await load(yaml);
  const { replications, scenario } = withOverrides(experiment, { quick: true });
  assert.deepEqual(
    [replications, scenario.servers, scenario.horizonDays, scenario.parameters],
    [2, 1, 2, { site: "office", pagesMean: 2 }],
  );
  const larger = withOverrides(experiment, { quick: true, replications: 3, servers: 4, set: ["pagesMean=9"] });
  assert.deepEqual([larger.replications, larger.scenario.servers, larger.scenario.parameters.pagesMean], [3, 4, 9]);
});

test("a path on the command line is relative to the working directory", async () => {
  const experiment = await load(`${head}scenario: {model: mm1}\n`);
  const { scenario } = withOverrides(experiment, { set: ["part=./a.mjs", "b=c.js"] });
  assert.deepEqual(scenario.parameters, { part: resolve("a.mjs"), b: resolve("c.js") });
});

test("an invalid option is refused", async () => {
  const experiment = await load(yaml);
  const refusedOption = (overrides: Overrides, message: string) =>
    assert.throws(() => withOverrides(experiment, overrides), saying(message));
  refusedOption({ replications: 0 }, "replications is 0; a whole number in [1, 1000000]");
  refusedOption({ set: ["printers"] }, "set printers: a setting is written as path=value");
  refusedOption({ set: ["=1"] }, "set =1: a setting is written as path=value");
  for (const arg of ["printers=", "printers=[1]", "printers={", "printers=*a", "printers=a: b"]) {
    refusedOption({ set: [arg] }, `set ${arg}: a setting is a number, a text, true or false`);
  }
});

test("an option that sets a varied parameter is refused", async () => {
  const experiment = await load(yaml);
  assert.throws(
    () => withOverrides(experiment, { set: ["jobsPerDay=1"] }),
    saying("set jobsPerDay=1: parameters.jobsPerDay is varied by the factor load"),
  );
  const fleets = await load(`${head}scenario: {model: mm1}\nfactors: {servers: [1, 2]}\nquick: {servers: 1}\n`);
  assert.throws(
    () => withOverrides(fleets, { servers: 5 }),
    saying("servers 5: servers is varied by the factor servers"),
  );
  assert.throws(
    () => withOverrides(fleets, { quick: true }),
    saying("x.yaml:5:9 servers is varied by the factor servers"),
  );
});

test("add gives a factor more levels, each compared with the baseline", async () => {
  const experiment = await loadExperiment("q223863");
  assert.throws(
    () => withOverrides(experiment, { set: ["parameters.spooler=./mine.mjs"] }),
    saying(
      "set parameters.spooler=./mine.mjs: parameters.spooler is varied by the factor spooler; " +
        "add spooler=./mine.mjs adds a level to it",
    ),
  );
  const added = withOverrides(experiment, { add: ["spooler=./mine.mjs,sticky-guard"], only: ["site=office"] });
  const spooler = added.factors.find(({ name }) => name === "spooler")!;
  assert.deepEqual(
    spooler.levels.map(({ name, settings }) => [name, settings["parameters.spooler"]]),
    [
      ["buggy", "buggy"],
      ["fixed", "fixed"],
      ["./mine.mjs", resolve("mine.mjs")],
      ["sticky-guard", "sticky-guard"],
    ],
  );
  assert.deepEqual([added.compare?.baseline, added.compare?.against], ["buggy", undefined]);
  assert.deepEqual([experiment.compare?.against, spooler.levels.length], ["fixed", 4]);
  await assert.rejects(
    designPoints(added),
    saying(
      `add spooler=./mine.mjs,sticky-guard: scenario.parameters.spooler is ${quotedPath("mine.mjs")}; ` +
        `the module ${resolve("mine.mjs")} does not exist`,
    ),
  );
  const numbers = await load(
    `${head}scenario: {model: mm1}\nfactors: {arrivalsPerSecond: {from: 0.1, to: 0.5, steps: 2}}\n`,
  );
  const more = withOverrides(numbers, { add: ["arrivalsPerSecond=0.90"] });
  assert.deepEqual(more.factors[0].levels.at(-1), { name: "0.9", settings: { "parameters.arrivalsPerSecond": 0.9 } });
});

/** A path in a message: cut where it is long. */
function quotedPath(file: string): string {
  const json = JSON.stringify(resolve(file));
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

test("a level that cannot be added is refused", async () => {
  const refusedLevel = async (text: string, add: string, message: string) => {
    const experiment = await load(`${head}scenario: {model: mm1}\n${text}`);
    assert.throws(() => withOverrides(experiment, { add: [add] }), saying(`add ${add}: ${message}`));
  };
  const factor = "factors: {servers: [1, 2]}\n";
  await refusedLevel(factor, "servers", "levels are written as factor=level,level");
  await refusedLevel(factor, "server=3", "server is not a factor of x; its factors: servers; did you mean servers?");
  await refusedLevel(factor, "servers=2", "2 is a level of servers already");
  await refusedLevel(factor, "servers=", "a setting is a number, a text, true or false");
  const named = "factors: {load: {low: {servers: 1}, high: {servers: 2}}}\n";
  await refusedLevel(named, "load=3", "the levels of load have names and settings of their own; add one in the file");
});

test("an experiment derived without changes is the same experiment", async () => {
  const experiment = await load(yaml);
  assert.equal(derive(experiment, []), experiment);
});

test("a setting that is set twice, or is not decimal, is refused", async () => {
  const experiment = await load(yaml);
  for (const [set, message] of [
    [["horizonDays=1", "scenario.horizonDays=2"], /scenario\.horizonDays=2: horizonDays is set twice; once is all$/],
    [["jobsPerDay=0x10"], /jobsPerDay=0x10: a number is written with decimal digits$/],
  ] as const) {
    assert.throws(() => withOverrides(experiment, { set: [...set] }), { name: "UserError", message });
  }
});
