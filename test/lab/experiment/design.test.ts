/**
 * lab/experiment/design.ts: which scenarios an experiment makes, how they pair, and the line that each mistake gets.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { designPoints, families, pairs } from "../../../lab/experiment/design.ts";
import type { DesignPoint, PlannedPoint } from "../../../lab/experiment/design-point.ts";
import { loadExperiment, shippedExperiments } from "../../../lab/experiment/load.ts";
import { withOverrides, type Overrides } from "../../../lab/experiment/override.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { folder, head, load, saying } from "../../support/yaml-file.ts";

/** The design points of an experiment whose file has these lines after its question, seed and scenario. */
async function design(scenario: string, lines: string, overrides: Overrides = {}): Promise<PlannedPoint[]> {
  return designPoints(withOverrides(await load(`${head}scenario: ${scenario}\n${lines}`), overrides));
}

async function refused(scenario: string, lines: string, message: string, overrides: Overrides = {}): Promise<void> {
  await assert.rejects(design(scenario, lines, overrides), saying(message));
}

const labels = (points: readonly DesignPoint[]) => points.map(({ levels }) => Object.values(levels).join(" "));

test("an experiment without factors has one design point", async () => {
  const points = await design("{model: mm1, servers: 3}", "");
  assert.deepEqual(
    points.map(({ index, levels }) => ({ index, levels })),
    [{ index: 0, levels: {} }],
  );
  assert.equal(points[0].scenario.servers, 3);
  assert.equal(points[0].scenario.parameters.servicesPerSecond, 1);
});

test("the design is the full factorial, the first factor varying slowest", async () => {
  const points = await design(
    "{model: mm1}",
    `factors:
  serviceLaw: [constant, exponential]
  load:
    2: {arrivalsPerSecond: 0.2}
    1: {arrivalsPerSecond: 0.1, servers: 4}
    none: {}
`,
  );
  assert.deepEqual(labels(points), [
    "constant 2",
    "constant 1",
    "constant none",
    "exponential 2",
    "exponential 1",
    "exponential none",
  ]);
  assert.deepEqual(
    points.map(({ index }) => index),
    [0, 1, 2, 3, 4, 5],
  );
  const { resolved, ...point } = points[4];
  assert.deepEqual(resolved.values.arrivalsPerSecond, 0.1);
  assert.deepEqual(point, {
    index: 4,
    levels: { serviceLaw: "exponential", load: "1" },
    scenario: {
      model: "mm1",
      servers: 4,
      horizonDays: 7,
      sampleEveryHours: 24,
      parameters: { arrivalsPerSecond: 0.1, servicesPerSecond: 1, serviceLaw: "exponential" },
    },
  });
});

test("a factor changes everything that its level implies except what the scenario sets", async () => {
  const points = await design(
    "{model: print-servers, parameters: {textShare: 0.25}}",
    "factors: {site: [office, mainframe]}\n",
  );
  const settings = points.map(({ scenario: { parameters } }) => [parameters.jobsPerDay, parameters.textShare]);
  assert.deepEqual(settings, [
    [2000, 0.25],
    [10000, 0.25],
  ]);
});

test("the scenario of a design point resolves to itself", async () => {
  for (const { scenario } of await design("{model: print-servers}", "factors: {site: [office, mainframe]}\n")) {
    assert.deepEqual((await resolveScenario(scenario, "/elsewhere")).scenario, scenario);
  }
});

test("a module's path in a level is relative to the file's folder", async () => {
  writeFileSync(
    join(folder, "mine.mjs"),
    `export default {
    name: "mine", meaning: "-", open() {}, enterAlteration() {}, leaveAlteration() {}, close() {},
  };`,
  );
  const points = await design("{model: print-servers}", "factors: {spooler: [fixed, ./mine.mjs]}\n");
  assert.deepEqual(labels(points), ["fixed", "./mine.mjs"]);
  assert.equal(points[1].scenario.parameters.spooler, join(folder, "mine.mjs"));
});

test("pairs are the two compared levels at each combination of the others", async () => {
  const compare = { factor: "servers", baseline: "3", against: "1" };
  const points = await design(
    "{model: mm1}",
    `factors:
  serviceLaw: [constant, exponential]
  servers: [1, 2, 3]
  horizonDays: [1, 2]
compare: {factor: servers, baseline: 3, against: 1}
`,
  );
  assert.deepEqual(pairs(points, compare).map(labels), [
    ["constant 3 1", "constant 1 1"],
    ["constant 3 2", "constant 1 2"],
    ["exponential 3 1", "exponential 1 1"],
    ["exponential 3 2", "exponential 1 2"],
  ]);
});

test("every other level is compared with the baseline, or every pair if requested", async () => {
  const points = await design(
    "{model: mm1}",
    `factors:
  serviceLaw: [constant, exponential]
  servers: [1, 2, 3]
compare: {factor: servers, baseline: 2}
`,
  );
  const compare = { factor: "servers", baseline: "2" };
  const labelsOf = (family: readonly (readonly DesignPoint[])[]) => family.map((pair) => labels(pair).join(" - "));
  assert.deepEqual(families(points, compare).map(labelsOf), [
    ["constant 2 - constant 1", "constant 2 - constant 3"],
    ["exponential 2 - exponential 1", "exponential 2 - exponential 3"],
  ]);
  assert.deepEqual(labelsOf(families(points, { ...compare, against: "all" })[1]), [
    "exponential 2 - exponential 1",
    "exponential 2 - exponential 3",
    "exponential 1 - exponential 3",
  ]);
  assert.deepEqual(labelsOf(families(points, { ...compare, against: ["3", "1"] })[0]), [
    "constant 2 - constant 1",
    "constant 2 - constant 3",
  ]);
  assert.deepEqual(labelsOf(families(points, { ...compare, against: ["3"] })[0]), ["constant 2 - constant 3"]);
  await design("{model: mm1}", "factors: {servers: [1, 2]}\ncompare: {factor: servers, baseline: 1, against: all}\n");
});

test("a level may be called all", async () => {
  const points = await design(
    "{model: mm1}",
    `factors:
  load: {all: {arrivalsPerSecond: 0.3}, half: {arrivalsPerSecond: 0.2}, none: {arrivalsPerSecond: 0.1}}
compare: {factor: load, baseline: none, against: all}
`,
  );
  const pairLabels = pairs(points, { factor: "load", baseline: "none", against: "all" }).map(labels);
  assert.deepEqual(pairLabels, [["none", "all"]]);
});

test("a mistake in the scenario is reported at the scenario", async () => {
  await refused(
    "{model: mm1, servers: 0.5}",
    "",
    "x.yaml:3:24 scenario.servers is 0.5; a whole number in [1, 10000000]",
  );
  await refused(
    "{model: mm1, parameters: {servicLaw: constant}}",
    "",
    "x.yaml:3:37 scenario.parameters.servicLaw is not a parameter of mm1; did you mean serviceLaw?",
  );
  await refused(
    "{model: ./mine2.mjs}",
    "",
    `x.yaml:3:12 scenario.model is "./mine2.mjs"; the module ${join(folder, "mine2.mjs")} does not exist`,
  );
});

test("a mistake in a level is reported at the level", async () => {
  const law = "one of exponential, constant, erlang2, hyperexponential";
  await refused(
    "{model: mm1}",
    "factors:\n  serviceLaw:\n    - constant\n    - exponental\n",
    `x.yaml:7:7 scenario.parameters.serviceLaw is "exponental"; ${law}; did you mean exponential?`,
  );
  await refused(
    "{model: mm1}",
    "factors:\n  load:\n    low: {}\n    high: {servers: 5, parameters.arrivalsPerSecond: -1}\n",
    "x.yaml:7:24 scenario.parameters.arrivalsPerSecond is -1; a number in [0.000001, 1000000] 1/s",
  );
  await refused(
    "{model: mm1}",
    "factors:\n  sevrers: [1, 2]\n",
    "x.yaml:5:13 scenario.parameters.sevrers is not a parameter of mm1; did you mean servers?",
  );
});

test("inconsistent settings are reported where the first of them was set last", async () => {
  const refusal = (arrivals: number) =>
    "scenario.parameters." +
    `arrivalsPerSecond is ${arrivals} and servicesPerSecond 1; a stable queue is served faster`;
  await refused("{model: mm1, parameters: {arrivalsPerSecond: 2}}", "", `x.yaml:3:37 ${refusal(2)}`);
  await refused("{model: mm1}", "factors: {arrivalsPerSecond: [0.5, 1]}\n", `x.yaml:4:36 ${refusal(1)}`);
  await refused("{model: mm1}", "", `set arrivalsPerSecond=3: ${refusal(3)}`, { set: ["arrivalsPerSecond=3"] });
});

test("a mistake in an option is reported with the option", async () => {
  await refused(
    "{model: mm1}",
    "",
    "set server=3: scenario.parameters.server is not a parameter of mm1; did you mean servers?",
    { set: ["server=3"] },
  );
  await refused("{model: mm1}", "", "servers 0: scenario.servers is 0; a whole number in [1, 10000000]", {
    servers: 0,
  });
  await refused(
    "{model: mm1}",
    "quick: {horizonDays: 0}\n",
    "x.yaml:4:9 scenario.horizonDays is 0; a number in [0.000001, 36600] d",
    { quick: true },
  );
});

test("a factor has a name and levels with different names", async () => {
  const factors = (yaml: string, message: string) =>
    refused("{model: mm1}", `factors: {${yaml}}\n`, `x.yaml:${message}`);
  await factors("7: [1]", "4:11 factors.7 is not a name of a factor; it begins with a letter");
  await factors("servers: []", "4:11 factors.servers has no levels; a factor has at least 1");
  await factors("load: {}", "4:11 factors.load has no levels; a factor has at least 1");
  await factors("servers: [1, 2, 1]", "4:27 factors.servers.1 is given twice; levels have different names");
});

test("two factors that set the same path are refused", async () => {
  await refused(
    "{model: mm1}",
    "factors:\n  servers: [1, 2]\n  size:\n    large: {servers: 3}\n",
    "x.yaml:7:5 factors.size.large sets servers; so does the factor servers",
  );
});

test("two levels that give the same scenario are refused", async () => {
  await refused(
    "{model: mm1}",
    "factors:\n  servers: [1, 2]\n  load:\n    usual: {}\n    same: {arrivalsPerSecond: 0.8}\n",
    "x.yaml:8:5 factors.load.same changes nothing; the level usual gives the same scenario",
  );
});

test("a design that is too large is refused before it is generated", async () => {
  const many = Array.from({ length: 101 }, (_, i) => i + 1).join(", ");
  await refused(
    "{model: mm1}",
    `factors:\n  servers: [${many}]\n  horizonDays: [${many}]\n`,
    "x.yaml:4:1 factors make 10201 design points; there are at most 10000",
  );
});

test("excluded combinations are not design points, and the other points stay the same", async () => {
  const factors = "factors:\n  serviceLaw: [constant, erlang2]\n  servers: [1, 2, 3]\n";
  const all = await design("{model: mm1}", factors);
  const left = await design("{model: mm1}", `${factors}exclude:\n  - {serviceLaw: erlang2, servers: [1, 3]}\n`);
  assert.deepEqual(labels(left), ["constant 1", "constant 2", "constant 3", "erlang2 2"]);
  assert.deepEqual(
    left.map(({ index }) => index),
    [0, 1, 2, 3],
  );
  const contents = (points: readonly DesignPoint[]) => points.map(({ levels, scenario }) => ({ levels, scenario }));
  assert.deepEqual(
    contents(left),
    contents(all).filter((_, i) => i !== 3 && i !== 5),
  );
  assert.deepEqual(pairs(left, { factor: "serviceLaw", baseline: "constant", against: "erlang2" }).map(labels), [
    ["constant 2", "erlang2 2"],
  ]);
});

test("selected levels keep the design points of the full design that have them", async () => {
  const lines = `factors:
  serviceLaw: [constant, exponential, erlang2]
  servers: [1, 2, 3]
exclude:
  - {serviceLaw: erlang2, servers: [1, 3]}
  - {serviceLaw: constant, servers: 3}
`;
  const contents = (points: readonly DesignPoint[]) => points.map(({ levels, scenario }) => ({ levels, scenario }));
  const all = contents(await design("{model: mm1}", lines));
  const only = async (...levels: string[]) => design("{model: mm1}", lines, { only: levels });
  const laws = await only("serviceLaw=erlang2,constant");
  assert.deepEqual(labels(laws), ["constant 1", "constant 2", "erlang2 2"]);
  assert.deepEqual(
    laws.map(({ index }) => index),
    [0, 1, 2],
  );
  assert.deepEqual(
    contents(laws),
    all.filter(({ levels }) => levels.serviceLaw !== "exponential"),
  );
  assert.deepEqual(labels(await only("servers=3", "serviceLaw=exponential,constant")), ["exponential 3"]);
  assert.deepEqual(labels(await only("servers=2")), ["constant 2", "exponential 2", "erlang2 2"]);
});

test("one level leaves nothing to compare and no fleet of parts; of several, the compared ones stay", async () => {
  const experiment = await loadExperiment("q223863");
  const only = (...levels: string[]) => withOverrides(experiment, { only: levels });
  assert.deepEqual(only("site=office,mainframe").compare, experiment.compare);
  assert.equal(only("site=office,mainframe").fleet, "site");
  assert.deepEqual(only("site=office").compare, experiment.compare);
  assert.equal(only("site=office").fleet, undefined);
  assert.equal(only("spooler=buggy").compare, undefined);
  const policies = await loadExperiment("restart-or-patch");
  assert.throws(() => withOverrides(policies, { only: ["policy=nightly,sp6"] }), {
    name: "UserError",
    message: "only policy=nightly,sp6: wait is compared (compare.baseline); it stays, or one level alone does",
  });
  assert.deepEqual(withOverrides(policies, { only: ["policy=sp6,wait"] }).compare, policies.compare);
});

test("an exclusion names existing levels, excludes something and leaves something", async () => {
  const excluded = (exclude: string, message: string) =>
    refused(
      "{model: mm1}",
      `factors: {serviceLaw: [constant, erlang2], servers: [1, 2]}\nexclude: [${exclude}]\n`,
      `x.yaml:5:${message}`,
    );
  await excluded(
    "{server: 1}",
    "12 exclude.0.server is not a factor; one of serviceLaw, servers; did you mean servers?",
  );
  await excluded("{servers: 3}", '12 exclude.0.servers is "3"; one of 1, 2');
  await excluded("{}", "11 exclude.0 excludes everything; an entry must name at least 1 factor");
  await excluded("{servers: [1, 2]}", "11 exclude.0 leaves no design point");
  await excluded(
    "{servers: 1}, {servers: 1, serviceLaw: constant}",
    "25 exclude.1 excludes only design points that are excluded already",
  );
  await refused(
    "{model: mm1}",
    "factors: {serviceLaw: [constant, erlang2], servers: [1, 2]}\n" +
      "exclude: [{serviceLaw: constant, servers: 1}, {serviceLaw: erlang2, servers: 2}]\n" +
      "compare: {factor: serviceLaw, baseline: constant, against: erlang2}\n",
    "x.yaml:6:1 compare finds no pair; all of them are excluded",
  );
});

const sampled = "sample: {method: sobol, points: 4, ranges: {arrivalsPerSecond: {from: 0.1, to: 0.9}}}\n";

test("every combination of levels is simulated at every point of the sample, which varies fastest", async () => {
  const points = await design("{model: mm1}", `factors: {serviceLaw: [constant, erlang2]}\n${sampled}`);
  assert.equal(points.length, 8);
  for (const [i, { levels, scenario }] of points.entries()) {
    assert.deepEqual(Object.keys(levels), ["serviceLaw", "arrivalsPerSecond"]);
    assert.equal(String(scenario.parameters.arrivalsPerSecond), levels.arrivalsPerSecond);
    assert.equal(levels.arrivalsPerSecond, points[i % 4].levels.arrivalsPerSecond);
  }
  const compare = { factor: "serviceLaw", baseline: "constant", against: "erlang2" };
  assert.equal(pairs(points, compare).length, 4);
});

test("adding a point changes no other point", async () => {
  const content = ({ levels, scenario }: DesignPoint) => JSON.stringify({ levels, scenario });
  const few = (await design("{model: mm1}", sampled)).map(content);
  const more = (await design("{model: mm1}", sampled.replace("points: 4", "points: 7"))).map(content);
  assert.deepEqual(more.slice(0, 4), few);
  const factors = (servers: string) => `factors: {servers: ${servers}, serviceLaw: [constant, erlang2]}\n`;
  const old = (await design("{model: mm1}", factors("[1, 3]"))).map(content);
  const larger = (await design("{model: mm1}", factors("[1, 2, 3]"))).map(content);
  assert.deepEqual(
    larger.filter((one) => old.includes(one)),
    old,
  );
});

test("a mistake in a sample is reported at the sample", async () => {
  const refusedSample = (ranges: string, message: string, more = "") =>
    refused("{model: mm1}", `${more}sample: {method: sobol, points: 4, ranges: {${ranges}}}\n`, `x.yaml:${message}`);
  await refusedSample("", "4:36 sample.ranges are empty; a sample has at least 1 range");
  await refusedSample(
    "arrivals: {from: 0, to: 1}",
    "4:45 scenario.parameters.arrivals is not a parameter of mm1; did you mean arrivalsPerSecond?",
  );
  await refusedSample(
    "servers: {from: 1, to: 2, whole: true}",
    "4:25 sample.points are more than there are different points in the ranges",
  );
  await refusedSample(
    "servers: {from: 1, to: 20, whole: true}",
    "5:45 sample.ranges.servers has the name of a factor",
    "factors: {servers: [1, 2]}\n",
  );
  await refusedSample(
    "parameters.arrivalsPerSecond: {from: 0.1, to: 0.2}",
    "5:45 sample.ranges.parameters.arrivalsPerSecond sets parameters.arrivalsPerSecond; " +
      "so does the factor arrivalsPerSecond",
    "factors: {arrivalsPerSecond: [0.3]}\n",
  );
});

test("a comparison names a factor and two of its levels", async () => {
  const compared = (compare: string, message: string) =>
    refused("{model: mm1}", `factors: {serviceLaw: [constant, erlang2]}\ncompare: {${compare}}\n`, message);
  await compared(
    "factor: servicelaw, baseline: constant, against: erlang2",
    'x.yaml:5:11 compare.factor is "servicelaw"; one of serviceLaw; did you mean serviceLaw?',
  );
  await compared(
    "factor: serviceLaw, baseline: const, against: erlang2",
    'x.yaml:5:31 compare.baseline is "const"; one of constant, erlang2; did you mean constant?',
  );
  await compared(
    "factor: serviceLaw, baseline: constant, against: erlang",
    'x.yaml:5:51 compare.against is "erlang"; one of constant, erlang2, all; did you mean erlang2?',
  );
  await refused(
    "{model: mm1}",
    "factors: {serviceLaw: [constant]}\ncompare: {factor: serviceLaw, baseline: constant}\n",
    'x.yaml:5:11 compare.factor is "serviceLaw"; what is compared has 2 levels or more',
  );
  await refused(
    "{model: mm1}",
    `factors: {servers: [${Array.from({ length: 46 }, (_, i) => i + 1).join(", ")}]}
compare: {factor: servers, baseline: 1, against: all}
`,
    'x.yaml:5:41 compare.against is "all"; that is 1035 pairs, and there are at most 1000',
  );
  await compared(
    "factor: serviceLaw, baseline: constant, against: constant",
    'x.yaml:5:51 compare.against is "constant"; a level is not compared with itself',
  );
  await compared(
    "factor: serviceLaw, baseline: constant, against: [erlang2, all]",
    'x.yaml:5:51 compare.against is "all"; one of constant, erlang2',
  );
  await compared(
    "factor: serviceLaw, baseline: constant, against: [erlang2, erlang2]",
    'x.yaml:5:51 compare.against is "erlang2"; it is given twice',
  );
  await refused(
    "{model: mm1}",
    "compare: {factor: a, baseline: b, against: c}\n",
    'x.yaml:4:11 compare.factor is "a"; one of none',
  );
});

test("the built-in experiments are valid at full and at quick size", async () => {
  for (const name of await shippedExperiments()) {
    const experiment = await loadExperiment(name);
    for (const quick of [false, true]) {
      const points = await designPoints(withOverrides(experiment, { quick }));
      const { factors, exclude, sample } = withOverrides(experiment, { quick });
      const crossed = factors.reduce((product, { levels }) => product * levels.length, sample?.points ?? 1);
      if (exclude === undefined) assert.equal(points.length, crossed, name);
      else assert.ok(points.length > 0 && points.length < crossed, name);
    }
  }
});
