/** lab/experiment/load.ts: what a file says, and the line that each mistake gets. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment, shippedExperiments } from "../../../lab/experiment/load.ts";
import { catalogue } from "../../../models/catalogue.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import { file, folder, head, load, saying, yaml } from "../../support/yaml-file.ts";

async function refused(yaml: string, message: string | RegExp): Promise<void> {
  await assert.rejects(load(yaml), typeof message === "string" ? saying(message) : message);
}

test("an experiment matches its file, with factors and levels in the order of the file", async () => {
  const { positions, ...experiment } = await load(yaml);
  assert.deepEqual(experiment, {
    name: "x",
    file,
    folder,
    question: "How much does the fix save?",
    seed: "42",
    replications: 5,
    scenario: {
      model: "print-servers",
      servers: 3,
      horizonDays: 28,
      sampleEveryHours: 24,
      parameters: { site: "office" },
    },
    factors: [
      {
        name: "spooler",
        levels: [
          { name: "buggy", settings: { "parameters.spooler": "buggy" } },
          { name: "fixed", settings: { "parameters.spooler": "fixed" } },
        ],
      },
      {
        name: "load",
        levels: [
          { name: "10", settings: { "parameters.jobsPerDay": 500 } },
          { name: "9", settings: { "parameters.jobsPerDay": 5000, sampleEveryHours: 1 } },
        ],
      },
    ],
    compare: { factor: "spooler", baseline: "buggy", against: "fixed" },
    quick: { replications: 2, settings: { servers: 1, horizonDays: 2, "parameters.pagesMean": 2 } },
  });
  const positionAt = (path: string) => String(positions[path]).replace(/^.*x\.yaml/, "x.yaml");
  assert.equal(positionAt("scenario.servers"), "x.yaml:7:3");
  assert.equal(positionAt("scenario.parameters.site"), "x.yaml:9:16");
  assert.equal(positionAt("factors.spooler.fixed"), "x.yaml:11:20");
  assert.equal(positionAt("factors.load.9.parameters.jobsPerDay"), "x.yaml:14:9");
});

test("an experiment is plain JSON", async () => {
  const experiment = await load(yaml);
  assert.deepEqual(JSON.parse(JSON.stringify(experiment)), experiment);
});

test("a seed is its text, whatever number it could be read as", async () => {
  const seedOf = async (seed: string) => (await load(`question: q\nseed: ${seed}\nscenario: {model: mm1}\n`)).seed;
  for (const text of ["9509425349e4", "007", "0x10", "1e3", "1.50", "-0", "9007199254740993"]) {
    assert.equal(await seedOf(text), text);
    assert.equal(await seedOf(`"${text}"`), text);
  }
});

test("the levels of a list keep their positions in the file, even if their names are each other's positions", async () => {
  const { positions } = await load("question: q\nseed: a\nscenario: {model: mm1}\nfactors: {servers: [1, 0]}\n");
  const column = (level: number) => Number(String(positions[`factors.servers.${level}`]).split(":").at(-1));
  assert.deepEqual([column(1), column(0)], [21, 24]);
});

test("a factor is named like servers, like a parameter, or by a path", async () => {
  const { factors } = await load(
    "question: q\nseed: a\nscenario: {model: mm1}\n" +
      "factors: {servers: [1], serviceLaw: [constant], parameters.servers: [2], scenario.horizonDays: [3]}\n",
  );
  assert.deepEqual(
    factors.map(({ levels }) => levels[0].settings),
    [{ servers: 1 }, { "parameters.serviceLaw": "constant" }, { "parameters.servers": 2 }, { horizonDays: 3 }],
  );
});

test("a range makes evenly spaced levels on its scale, whole numbers if requested", async () => {
  const { factors } = await load(`question: q
seed: a
scenario: {model: print-servers}
factors:
  pagesMean: {from: 0.1, to: 0.4, steps: 4}
  preMs: {from: 1, to: 1000, steps: 4, scale: logarithmic}
  dcsMax: {from: 30, to: 250, steps: 3, scale: logarithmic, whole: true}
  servers: {from: 3, to: 1, steps: 3}
`);
  assert.deepEqual(
    factors.map(({ levels }) => levels.map(({ name }) => name).join(" ")),
    ["0.1 0.2 0.3 0.4", "1 10 100 1000", "30 87 250", "3 2 1"],
  );
  assert.deepEqual(factors[1].levels[1].settings, { "parameters.preMs": 10 });
});

test("replications are a number or a stopping rule, as the file says", async () => {
  const loadWith = (replications: string) => load(`${head}scenario: {model: mm1}\nreplications: ${replications}\n`);
  const until = { response: "served", relativeHalfWidth: 0.1 };
  const { replications, until: loaded } = await loadWith(`{min: 3, max: 9, until: ${JSON.stringify(until)}}`);
  assert.deepEqual([replications, loaded], [9, { ...until, min: 3, max: 9 }]);
  for (const anytime of [true, false]) {
    const { until: how } = await loadWith(`{min: 3, max: 9, until: ${JSON.stringify({ ...until, anytime })}}`);
    assert.deepEqual(how, { ...until, ...(anytime ? { anytime } : {}), min: 3, max: 9 });
  }
  for (const overrides of [{ replications: 4 }, { quick: true }]) {
    const more = `replications: {min: 3, max: 9, until: ${JSON.stringify(until)}}\nquick: {replications: 4}\n`;
    const changed = withOverrides(await load(`${head}scenario: {model: mm1}\n${more}`), overrides);
    assert.deepEqual([changed.replications, changed.until], [4, undefined]);
    assert.deepEqual(withOverrides(await loadExperiment(file), { seed: "b" }).until?.max, 9);
  }
  const mistake = (text: string, message: string) =>
    refused(`${head}scenario: {model: mm1}\nreplications: ${text}\n`, `x.yaml:4:${message}`);
  await mistake(
    "{min: 3, max: 2, until: {response: a, relativeHalfWidth: 0.1}}",
    "24 replications.max is 2; at least min, 3",
  );
  await mistake(
    "{min: 1, max: 2, until: {response: a, relativeHalfWidth: 0.1}}",
    "16 replications.min is 1; a whole number in [2, 1000000]",
  );
  await mistake(
    "{min: 3, max: 4, until: {response: a, relativeHalfWidth: 1.5}}",
    "53 replications.until.relativeHalfWidth is 1.5; a number in [0.0001, 0.9999]",
  );
  await mistake(
    "{min: 3, max: 4, until: {response: a, relativeHalfWidth: 0.1, anytime: 1}}",
    "77 replications.until.anytime is 1; true or false",
  );
  await mistake(
    "{min: 3, max: 4, until: {responses: a, relativeHalfWidth: 0.1}}",
    "40 replications.until.responses is not known here; did you mean response?",
  );
});

test("a level may be called from without being a range", async () => {
  const { factors } = await load(`${head}scenario: {model: mm1}\nfactors: {load: {from: {servers: 1}}}\n`);
  assert.deepEqual(factors[0].levels, [{ name: "from", settings: { servers: 1 } }]);
});

test("exclusions and a sample are read from the file", async () => {
  const { exclude, sample, quick } = await load(`question: q
seed: a
scenario: {model: mm1}
factors: {servers: [1, 2], serviceLaw: [constant, erlang2]}
exclude: [{servers: 1, serviceLaw: [constant, erlang2]}]
sample:
  method: sobol
  points: 8
  ranges: {arrivalsPerSecond: {from: 0.1, to: 0.9}, horizonDays: {from: 1, to: 4, scale: logarithmic}}
quick: {points: 2}
`);
  assert.deepEqual(exclude, [{ servers: ["1"], serviceLaw: ["constant", "erlang2"] }]);
  assert.deepEqual(sample, {
    method: "sobol",
    points: 8,
    ranges: [
      {
        name: "arrivalsPerSecond",
        path: "parameters.arrivalsPerSecond",
        from: 0.1,
        to: 0.9,
        scale: "linear",
        whole: false,
      },
      { name: "horizonDays", path: "horizonDays", from: 1, to: 4, scale: "logarithmic", whole: false },
    ],
  });
  assert.equal(quick.points, 2);
  const smaller = withOverrides(await loadExperiment(file), { quick: true });
  assert.equal(smaller.sample?.points, 2);
  assert.throws(() => withOverrides(smaller, { set: ["arrivalsPerSecond=1"] }), {
    message: "set arrivalsPerSecond=1: parameters.arrivalsPerSecond is varied by the sample",
  });
});

test("a mistake in a range, a sample or an exclusion is reported at its position", async () => {
  const factor = (text: string, message: string) =>
    refused(`${head}scenario: {model: mm1}\nfactors: {servers: ${text}}\n`, `x.yaml:4:${message}`);
  await factor("{from: 1, to: 3, step: 3}", "37 factors.servers.step is not known here; did you mean steps?");
  await factor("{from: 1, to: 3}", "11 factors.servers.steps is missing; a whole number in [2, 1000]");
  await factor("{from: 1, to: 3, steps: 1}", "37 factors.servers.steps is 1; a whole number in [2, 1000]");
  await factor("{from: 1, to: x, steps: 2}", '30 factors.servers.to is "x"; a number');
  await factor("{from: 1, to: 1, steps: 2}", "30 factors.servers.to is 1; the ends of a range differ");
  await factor(
    "{from: 0, to: 1, steps: 2, scale: logarithmic}",
    "21 factors.servers.from is 0; a logarithmic range lies above 0",
  );
  await factor(
    "{from: 1, to: 1.5, steps: 2, whole: true}",
    "30 factors.servers.to is 1.5; a whole range ends at whole numbers",
  );
  await factor("{from: 1, to: 2, steps: 2, scale: log}", '47 factors.servers.scale is "log"; linear or logarithmic');
  const sample = (text: string, message: string) =>
    refused(`${head}scenario: {model: mm1}\nsample: {${text}}\n`, `x.yaml:4:${message}`);
  await sample("method: random, points: 2, ranges: {}", '10 sample.method is "random"; latin-hypercube or sobol');
  await sample("method: sobol, points: 0, ranges: {}", "25 sample.points is 0; a whole number in [1, 10000]");
  await sample(
    "method: sobol, points: 2, ranges: {servers: {from: 1, to: 2, form: 1}}",
    "71 sample.ranges.servers.form is not known here; did you mean from?",
  );
  await refused(
    `${head}scenario: {model: mm1}\nexclude: {servers: 1}\n`,
    'x.yaml:4:1 exclude is {"servers":1}; a list of maps of factors and levels',
  );
});

const models = Object.keys(catalogue).join(", ");

test("an invalid value is refused with its line and column", async () => {
  const parameters = (text: string) => `${head}scenario:\n  model: mm1\n  parameters: ${text}\n`;
  await refused(parameters("3"), "x.yaml:5:3 scenario.parameters is 3; a map of settings");
  await refused(parameters("{a: [1]}"), "x.yaml:5:16 scenario.parameters.a is [1]; a number, a text, true or false");
  await refused(parameters("{a: }"), "x.yaml:5:16 scenario.parameters.a is empty; a number, a text, true or false");
  await refused(
    `${head}scenario:\n  model: mm1\n  servers: many\n`,
    'x.yaml:5:3 scenario.servers is "many"; a whole number in [1, 10000000]',
  );
  await refused(
    `${head}scenario: {model: 1}\n`,
    `x.yaml:3:12 scenario.model is 1; the path of a module, or one of ${models}`,
  );
  await refused("question: 1\nseed: a\nscenario: {model: mm1}\n", "x.yaml:1:1 question is 1; a text");
  await refused("question: q\nseed: [1]\nscenario: {model: mm1}\n", "x.yaml:2:1 seed is [1]; a text or a number");
  await refused(
    `${head}replications: 0\nscenario: {model: mm1}\n`,
    "x.yaml:3:1 replications is 0; a whole number in [1, 1000000]",
  );
  await refused(
    `${head}scenario: {model: mm1}\nfactors: {servers: 3}\n`,
    "x.yaml:4:11 factors.servers is 3; a list of settings, a range {from, to, steps}, or a map of named levels " +
      "that are maps of settings",
  );
  await refused(
    `${head}scenario: {model: mm1}\ncompare: servers\n`,
    'x.yaml:4:1 compare is "servers"; a map of factor, baseline, against, responses and best',
  );
});

test("a long value is shortened", async () => {
  const rule = "a map of model, servers, horizonDays, sampleEveryHours and parameters";
  await refused(`${head}scenario: ${"y".repeat(70)}\n`, `x.yaml:3:1 scenario is "${"y".repeat(56)}...; ${rule}`);
});

test("a missing key is reported at the enclosing position", async () => {
  await refused("seed: a\nscenario: {model: mm1}\n", "x.yaml:1:1 question is missing; a text");
  await refused(
    `${head}scenario: {servers: 1}\n`,
    `x.yaml:3:1 scenario.model is missing; the path of a module, or one of ${models}`,
  );
  await refused(
    `${head}scenario: {model: mm1}\ncompare: {factor: a, against: b}\n`,
    "x.yaml:4:1 compare.baseline is missing; a number, a text, true or false",
  );
  await refused(
    `${head}scenario: {model: mm1}\ncompare: {factor: a, baseline: b, best: {response: c}}\n`,
    "x.yaml:4:35 compare.best.indifference is missing; a number > 0",
  );
  await refused(
    `${head}scenario: {model: mm1}\ncompare: {factor: a, baseline: b, best: {response: c, indifference: 0}}\n`,
    "x.yaml:4:55 compare.best.indifference is 0; a number > 0",
  );
});

test("an unknown key is refused with the nearest known key", async () => {
  await refused(`${head}senario: {model: mm1}\n`, "x.yaml:3:1 senario is not known here; did you mean scenario?");
  await refused(
    `${head}scenario:\n  model: mm1\n  horizondays: 1\n`,
    "x.yaml:5:3 scenario.horizondays is not known here; did you mean horizonDays?",
  );
  await refused(`${head}scenario: {model: mm1}\nconstructor: 1\n`, "x.yaml:4:1 constructor is not known here");
});

test("a setting given in both notations is refused", async () => {
  await refused(
    `${head}scenario: {model: mm1}\nfactors:\n  load:\n    low: {a: 1, parameters.a: 2}\n`,
    "x.yaml:6:11 factors.load.low.parameters.a is given twice, in full and in short",
  );
});

test("text that is not YAML is refused in one line", async () => {
  await refused(
    `${head}scenario: {model: mm1\n`,
    "x.yaml:4:1 Flow map in block collection must be sufficiently indented and end with a }",
  );
  await refused(`${head}seed: b\n`, "x.yaml:3:1 seed is given twice; a key is given once");
  await refused(
    `${head}---\nseed: b\n`,
    "x.yaml:3:1 is the beginning of a second document; an experiment is one document",
  );
  await refused(
    `${head}scenario: {model: mm1, servers: 1,\n  servers: 2}\n`,
    "x.yaml:4:3 scenario.servers is given twice; a key is given once",
  );
  await refused(`question: ${"[".repeat(20_000)}`, /x\.yaml:1:\d+ is nested too deeply$/);
  await refused("seed: !word a\n", "x.yaml:1:7 Unresolved tag: !word");
});

test("a file with many keys is read quickly, and a file with too many characters is refused", async () => {
  const startedAt = process.cpuUsage();
  const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1\n`).join("");
  await refused(`${head}${keys}`, /x\.yaml:\d+:1 k0 is not known here/);
  // Hostile input takes at most 10 s; comparing every pair of keys would take several times as long.
  assert.ok(process.cpuUsage(startedAt).user < 10e6, "it took more than 10 s of processor time");
  await refused(
    `question: ${"x".repeat(1_000_000)}`,
    "x.yaml:1:1 has 1000010 characters; an experiment has at most 1000000",
  );
});

test("an alias is refused, so a file can neither loop nor explode", async () => {
  await refused("seed: &a [*a]\n", "x.yaml:1:11 seed.0 is an alias; write the value in its place");
  await refused("seed: *b\n", "x.yaml:1:1 seed is an alias; write the value in its place");
  await refused("scenario: {*b : 1}\n", "x.yaml:1:1 scenario has a key that is not a word");
  await refused("scenario: {[servers]: 1}\n", "x.yaml:1:1 scenario has a key that is not a word");
  await refused("factors: {null: [1]}\n", "x.yaml:1:1 factors has a key that is not a word");
});

test("an empty file and one that is not a map are refused", async () => {
  const rule = "a map of question, seed, replications, scenario, factors, exclude, sample, compare, fleet and quick";
  await refused("", `x.yaml:1:1 experiment is empty; ${rule}`);
  await refused("# nothing\n", `x.yaml:1:1 experiment is empty; ${rule}`);
  await refused("- a\n", `x.yaml:1:1 experiment is ["a"]; ${rule}`);
});

test("an unreadable file is refused, named relative to the working directory if that is shorter", async () => {
  mkdirSync(join(folder, "folder.yaml"));
  writeFileSync(file, "");
  await assert.rejects(loadExperiment("no-such/y.yaml"), saying("no-such/y.yaml does not exist"));
  await assert.rejects(loadExperiment(resolve("no-such/y.yaml")), saying("no-such/y.yaml does not exist"));
  await assert.rejects(loadExperiment(join(file, "z.yaml")), /z\.yaml does not exist$/);
  await assert.rejects(loadExperiment(join(folder, "folder.yaml")), /folder\.yaml cannot be read: it is a folder$/);
});

test("a built-in experiment is found by its name, and the nearest name is suggested for a misspelt one", async () => {
  const names = await shippedExperiments();
  assert.ok(names.includes("q223863"));
  assert.deepEqual(names, [...names].sort());
  const rule = `one of ${names.join(", ")}, a file that ends in .yaml, or a results folder whose path has a slash`;
  await assert.rejects(loadExperiment("q22386"), saying(`experiment is "q22386"; ${rule}; did you mean q223863?`));
  await assert.rejects(loadExperiment("Q223863"), saying(`experiment is "Q223863"; ${rule}; did you mean q223863?`));
  assert.equal((await loadExperiment("q223863")).name, "q223863");
});

test("a renamed parameter is refused with its new name", async () => {
  await assert.rejects(
    load(`${head}scenario: {model: mm1}\nsmall: {servers: 1}`),
    /x\.yaml:4:1 small is called quick now$/,
  );
  const old = `${head}scenario: {model: print-servers, parameters: {restartMeter: handles}}`;
  await assert.rejects(load(old).then(designPoints), /restartMeter is called restartGauge now$/);
});
