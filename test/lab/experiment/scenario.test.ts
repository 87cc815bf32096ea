/** lab/experiment/scenario.ts: what a scenario resolves to, and the line that each mistake gets. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { execute } from "../../../lab/execution/run.ts";
import { Fault } from "../../../lab/experiment/settings.ts";
import { resolveScenario, type Scenario } from "../../../lab/experiment/scenario.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { catalogue } from "../../../models/catalogue.ts";

const folder = mkdtempSync(join(tmpdir(), "spoolsim-scenario-"));
after(() => rmSync(folder, { recursive: true }));

const base: Scenario = { model: "print-servers", servers: 2, horizonDays: 1, sampleEveryHours: 24, parameters: {} };

function resolve(given: object) {
  return resolveScenario({ ...base, ...given }, folder);
}

async function settings(parameters: Settings): Promise<Settings> {
  return (await resolve({ parameters })).scenario.parameters;
}

async function refused(given: object, message: string): Promise<void> {
  await assert.rejects(resolve(given), (error) => {
    assert.ok(error instanceof Fault);
    assert.equal(error.name, "UserError");
    assert.equal(error.message, message);
    assert.ok(message.startsWith(error.path));
    return true;
  });
}

/** Writes a module into the folder. */
function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `./${name}`;
}

test("every setting of a resolved scenario is explicit, in the order of the model's table", async () => {
  const { parameters } = catalogue["print-servers"];
  const given = await settings({ pagesMean: 5, site: "office" });
  assert.deepEqual(Object.keys(given), Object.keys(parameters));
  assert.equal(given.pagesMean, 5);
  assert.equal(given.dcsMax, parameters.dcsMax.default);
});

test("a preset overrides a default, and an explicit value overrides a preset", async () => {
  assert.equal((await settings({})).jobsPerDay, 2000);
  assert.equal((await settings({ site: "mainframe" })).jobsPerDay, 10000);
  assert.equal((await settings({ site: "mainframe", jobsPerDay: 7 })).jobsPerDay, 7);
});

test("a resolved scenario is plain JSON and resolves to itself, in any folder", async () => {
  const spooler = write("plain.mjs", spoolerModule);
  const { scenario } = await resolve({ parameters: { site: "help-desk", spooler } });
  assert.deepEqual(JSON.parse(JSON.stringify(scenario)), scenario);
  assert.deepEqual((await resolveScenario(scenario, "/elsewhere")).scenario, scenario);
});

test("a spooler is among the values under the parameter's name", async () => {
  const { values, scenario } = await resolve({ parameters: { spooler: "fixed" } });
  assert.equal((values.spooler as { name: string }).name, "fixed");
  assert.equal(scenario.parameters.spooler, "fixed");
});

test("a setting outside its range is refused with the range", async () => {
  const parameter = (name: string, setting: unknown, rule: string) =>
    refused({ parameters: { [name]: setting } }, `scenario.parameters.${name} is ${rule}`);
  await parameter("deleteShare", 1.2, "1.2; a share lies in [0, 1]");
  await parameter("deleteShare", "1", '"1"; a share lies in [0, 1]');
  await parameter("deleteShare", NaN, "NaN; a share lies in [0, 1]");
  await parameter("printers", 1.5, "1.5; a whole number in [1, 900]");
  await parameter("stopMs", -1, "-1; a number in [0, 3600000] ms");
  await parameter("emfHoldsDc", "yes", '"yes"; true or false');
  await parameter("guardMode", "levels", '"levels"; one of control-commands, level-changes-too');
  await parameter(
    "site",
    "ofice",
    '"ofice"; one of office, help-desk, hold-and-release, mainframe; did you mean office?',
  );
  await parameter(
    "spooler",
    "fixd",
    '"fixd"; the path of a module, or one of buggy, fixed, sticky-guard; did you mean fixed?',
  );
  await parameter("spooler", true, "true; the path of a module, or one of buggy, fixed, sticky-guard");
});

test("an unknown parameter is refused with the nearest known one", async () => {
  const rule = "is not a parameter of print-servers";
  await refused({ parameters: { deletShare: 0 } }, `scenario.parameters.deletShare ${rule}; did you mean deleteShare?`);
  await refused({ parameters: { toString: 0 } }, `scenario.parameters.toString ${rule}`);
});

test("the scenario's own numbers have ranges too", async () => {
  await refused({ servers: 0 }, "scenario.servers is 0; a whole number in [1, 10000000]");
  await refused({ servers: 1e8 }, "scenario.servers is 100000000; a whole number in [1, 10000000]");
  await refused({ horizonDays: 0 }, "scenario.horizonDays is 0; a number in [0.000001, 36600] d");
  await refused({ horizonDays: Infinity }, "scenario.horizonDays is Infinity; a number in [0.000001, 36600] d");
  await refused({ sampleEveryHours: 0 }, "scenario.sampleEveryHours is 0; a number in [0.000001, 878400] h");
  await refused(
    { horizonDays: 100, sampleEveryHours: 0.02 },
    "scenario.sampleEveryHours is 0.02; 100 days have at most 100000 sample times, not 120000",
  );
});

test("inconsistent settings are refused in the model's words", async () => {
  await refused(
    { parameters: { textShare: 0.5, emfShare: 0.75 } },
    "scenario.parameters.textShare + emfShare is 1.25; shares of one whole sum to at most 1",
  );
  await refused(
    { parameters: { deleteShare: 0.75, restartShare: 0.5 } },
    "scenario.parameters make no sense together: the shares of altered jobs sum to 1.265; " +
      "a job has at most one episode, so at most 1",
  );
});

test("a choice that YAML reads as a number is its text", async () => {
  const { scenario, values } = await resolve({ parameters: { servicePack: 6 } });
  assert.deepEqual([scenario.parameters.servicePack, values.servicePack], ["6", "6"]);
  await refused({ parameters: { servicePack: 2 } }, "scenario.parameters.servicePack is 2; one of 3, 4, 5, 6, 6a");
});

test("a model that is neither in the catalogue nor a path is refused", async () => {
  const rule = `the path of a module, or one of ${Object.keys(catalogue).join(", ")}`;
  await refused({ model: "print-server" }, `scenario.model is "print-server"; ${rule}; did you mean print-servers?`);
  await refused({ model: "constructor" }, `scenario.model is "constructor"; ${rule}`);
});

const spoolerModule = `export default {
  name: "careless", meaning: "closes nothing", open() {}, enterAlteration() {}, leaveAlteration() {}, close() {},
};`;

const modelModule = `
class Ticks {
  constructor({ everyHours }, { count }) {
    this.everyUs = everyHours * 3.6e9;
    this.ticks = new Float64Array(count);
    this.columns = [this.ticks];
  }
  start(schedule) { this.ticks.forEach((_, server) => schedule.after(this.everyUs, 0, server, 0)); }
  handle(kind, server, object, schedule) { this.ticks[server]++; schedule.after(this.everyUs, 0, server, 0); }
  observe() {}
  check() {}
}
export default {
  name: "ticks", meaning: "a clock on each server", kinds: ["TICK"],
  parameters: {
    everyHours: { kind: "number", unit: "h", default: 1, min: 1, max: 24, meaning: "between ticks", source: "test" },
  },
  responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks so far" }],
  create: (values, slice) => new Ticks(values, slice),
};`;

test("a user's spooler is loaded from a path relative to the folder, and runs", async () => {
  const { scenario } = await resolve({ parameters: { spooler: write("careless.mjs", spoolerModule) } });
  assert.equal(scenario.parameters.spooler, join(folder, "careless.mjs"));
  const run = { point: 0, replication: 0, seed: "a", scenario, first: 0, count: 2, sliceSize: 1 };
  const { samples } = await execute(run);
  const at = (name: string) => 2 * catalogue["print-servers"].responses.findIndex((response) => response.name === name);
  assert.ok(samples[at("processorsLeaked")] > 1000, "every print processor leaks");
  assert.equal(samples[at("processorsClosed")], 0);
});

test("a user's model is loaded from a path and runs", async () => {
  const model = write("ticks.mjs", modelModule);
  const { scenario } = await resolve({ model, parameters: { everyHours: 5 } });
  assert.deepEqual(scenario, { ...base, model: join(folder, "ticks.mjs"), parameters: { everyHours: 5 } });
  const run = { point: 0, replication: 0, seed: "a", scenario, first: 0, count: 2, sliceSize: 2 };
  assert.deepEqual([...(await execute(run)).samples], [4, 4]);
  await refused(
    { model, parameters: { everyHour: 5 } },
    "scenario.parameters.everyHour is not a parameter of ticks; did you mean everyHours?",
  );
});

test("a module that is missing, broken or of another kind is refused", async () => {
  const spooler = (path: string, rule: string) =>
    refused({ parameters: { spooler: path } }, `scenario.parameters.spooler is "${path}"; ${rule}`);
  await spooler("./none.mjs", `the module ${join(folder, "none.mjs")} does not exist`);
  await spooler(
    write("broken.mjs", "export default {"),
    "the module does not load: SyntaxError: Unexpected end of input",
  );
  await spooler(write("empty.mjs", ""), "its default export is not an object");
  await spooler(
    write("half.mjs", `export default { name: "half", meaning: "-", open() {} };`),
    `its default export has no verb "enterAlteration"`,
  );
});

test("a module that is not a model is refused", async () => {
  const rule = 'scenario.model is "./m0.mjs"; its default export is not an object';
  await refused({ model: write("m0.mjs", "export default null;") }, rule);
});

test("a user's model whose closed form is not finite for the values is refused", async () => {
  const wrong = modelModule.replace(
    "create:",
    "means: [{ name: 'gap', unit: 'h', of: 'ticks', per: 'ticks', meaning: '-' }], closedForm: () => NaN, create:",
  );
  await refused(
    { model: write("nan.mjs", wrong) },
    'scenario.model is "./nan.mjs"; the model has a closed form of gap that returns NaN; it must return a finite number or undefined',
  );
});

test("a user's module imports spoolsim by its name without an installation", async () => {
  const importing = `import { math } from "spoolsim";\nimport { unitLaws } from "spoolsim/models";\n${modelModule.replace(
    'meaning: "a clock on each server"',
    "meaning: String(math.exp(0) + unitLaws.constant.squaredVariation)",
  )}`;
  const { model } = await resolve({ model: write("importing.mjs", importing) });
  assert.equal(model.meaning, "1");
});
