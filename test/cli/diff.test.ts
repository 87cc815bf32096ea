/** spoolsim diff: exit codes 0, 1 and 2 as diff's, and what it says. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { spoolsim, spoolsimAlone } from "../support/spoolsim.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-diff-"));
  await writeFile(
    join(folder, "small.yaml"),
    "question: Which?\nseed: small\nreplications: 1\nscenario:\n  model: print-servers\n  servers: 2\n  horizonDays: 2\n",
  );
});

after(() => rm(folder, { recursive: true }));

test("identical runs end with 0, by this program and by a built clone", async () => {
  const clone = fileURLToPath(new URL("../../../", import.meta.url));
  for (const more of [[], ["--program", clone]]) {
    const { status, stdout, stderr } = await spoolsim(folder, "diff", "./small.yaml", ...more);
    assert.deepEqual([status, stdout, stderr], [0, "the two runs are the same\n", ""]);
  }
});

test("different runs end with 1, and the event is reported with its change and its causes", async () => {
  const { status, stdout, stderr } = await spoolsim(folder, "diff", "./small.yaml", "--with", "spooler=fixed");
  assert.deepEqual([status, stderr], [1, ""]);
  assert.match(stdout, /^The two runs differ first at server [01], week 1 Mon \d\d:\d\d:\d\d\.\d{6} \(\d+ us\)\.\n/);
  assert.match(stdout, /\nBoth runs handle CLOSE of object \d+, with different results\.\n/);
  assert.match(stdout, /\n {2}processorsLeaked: 0; 1, 0\n/);
  assert.match(stdout, /\n {2}firstLeakUs: never; \d+, never\n/);
  assert.match(
    stdout,
    /\nEvents that led to it:\n {2}week 1 Mon .* SUBMIT of object 0\n(?: {2}.*\n)* {2}.* CLOSE of object \d+\n$/,
  );
});

test("each of several settings is compared alone", async () => {
  const settings = ["--with", "spooler=fixed", "--with", "failoverMs=1"];
  const { status, stdout } = await spoolsim(folder, "diff", "./small.yaml", ...settings, "--bisect");
  assert.equal(status, 1);
  assert.match(stdout, /^spooler: buggy -> fixed: differs at server [01], week 1 .*$/m);
  assert.match(stdout, /^failoverMs: \d+ -> 1: the same$/m);
});

test("an invalid setting alone is reported, and so is an invalid seed", async () => {
  const settings = ["--with", "textShare=0.95", "--with", "emfShare=0"];
  const { status, stdout, stderr } = await spoolsim(folder, "diff", "./small.yaml", ...settings, "--bisect");
  assert.deepEqual([status, stderr], [1, ""]);
  assert.match(
    stdout,
    /^textShare: [\d.]+ -> 0\.95: not alone \(.*textShare \+ emfShare is 1\.\d+; .*\)\nemfShare: .* differs/,
  );
  await writeFile(
    join(folder, "other.yaml"),
    "question: Which?\nseed: other\nreplications: 1\nscenario:\n  model: print-servers\n  servers: 2\n  horizonDays: 2\n",
  );
  const seeds = await spoolsim(folder, "diff", "./small.yaml", "./other.yaml", "--bisect");
  assert.match(seeds.stdout, /^seed: small -> other: differs at server [01], week 1 Mon .*\n$/);
  const given = await spoolsim(folder, "diff", "./small.yaml", "--with", "seed=other", "--bisect");
  assert.deepEqual(given, seeds);
  const unknown = await spoolsim(folder, "diff", "./small.yaml", "--with", "seeds=3");
  assert.match(unknown.stderr, /^spoolsim: --with seeds=3: .*seeds is not a parameter of print-servers/);
});

test("runs of different extents are the same as far as both go, and the command says so", async () => {
  const settings = ["--with", "horizonDays=1", "--with", "servers=3"];
  const { status, stdout } = await spoolsim(folder, "diff", "./small.yaml", ...settings);
  assert.deepEqual([status, stdout], [0, "the two runs are the same for 1 day, on the first 2 servers\n"]);
});

test("a version without a parameter is compared without it, unless it is set", async () => {
  const clone = join(folder, "older");
  const built = new URL("../../", import.meta.url).href;
  await mkdir(join(clone, "dist/lab/experiment"), { recursive: true });
  await mkdir(join(clone, "dist/lab/execution"), { recursive: true });
  await writeFile(join(clone, "package.json"), '{"type": "module"}');
  await writeFile(
    join(clone, "dist/lab/execution/slice-simulator.js"),
    `export { SliceSimulator } from "${built}lab/execution/slice-simulator.js";`,
  );
  await writeFile(
    join(clone, "dist/lab/experiment/scenario.js"),
    `import { resolveScenario as resolve } from "${built}lab/experiment/scenario.js";
class UserError extends Error {
  name = "UserError";
}
export async function resolveScenario(scenario, folder) {
  if ("failoverMs" in scenario.parameters) throw new UserError("failoverMs is not a parameter of print-servers");
  const resolved = await resolve(scenario, folder);
  const { failoverMs, ...parameters } = resolved.model.parameters;
  return { ...resolved, model: { ...resolved.model, parameters } };
}`,
  );
  const same = await spoolsim(folder, "diff", "./small.yaml", "--program", clone);
  assert.deepEqual([same.status, same.stdout, same.stderr], [0, "the two runs are the same\n", ""]);
  const one = ["--with", "failoverMs=1", "--bisect"];
  const alone = await spoolsim(folder, "diff", "./small.yaml", "--program", clone, ...one);
  assert.deepEqual([alone.status, alone.stderr], [0, ""]);
  assert.match(alone.stdout, /^failoverMs: \d+ -> 1: not alone \(failoverMs is not a parameter of print-servers\)\n$/);
  const set = await spoolsim(folder, "diff", "./small.yaml", "--program", clone, "--set", "failoverMs=1");
  assert.equal(set.status, 2);
  assert.match(set.stderr, /one of the two runs failed: failoverMs is not a parameter/);
});

test("a user's module gets the package of the program that simulates it", async () => {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const clone = join(folder, "other");
  const names = ["sim", "statistics", "models", "page", "lab", "exports"];
  for (const name of names) await cp(join(root, "dist", name), join(clone, "dist", name), { recursive: true });
  await cp(join(root, "package.json"), join(clone, "package.json"));
  await symlink(join(root, "node_modules"), join(clone, "node_modules"));
  const variates = join(clone, "dist/sim/variates.js");
  const text = await readFile(variates, "utf8");
  const changed = text.replace("return whole < 1 ? 1 : whole;", "return whole < 1 ? 1 : whole + 1;");
  assert.notEqual(changed, text);
  await writeFile(variates, changed);
  await writeFile(join(folder, "gap.mjs"), `export { wholeMicroseconds as gap } from "spoolsim";\n`);
  const model = `import { gap } from "./gap.mjs";
export default {
  name: "ticks", meaning: "ticks", kinds: ["TICK"], parameters: {}, keepsStateInFields: true,
  responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks so far" }],
  create: (_, { count }) => ({
    columns: [new Float64Array(count)],
    start(schedule) { schedule.after(gap(1e9), 0, 0, 0); },
    handle(kind, server, object, schedule) { this.columns[0][server]++; schedule.after(gap(1e9), 0, server, 0); },
    observe() {},
    check() {},
  }),
};\n`;
  await writeFile(join(folder, "ticks.mjs"), model);
  const scenario = "{model: ./ticks.mjs, servers: 1, horizonDays: 1}";
  await writeFile(join(folder, "ticks.yaml"), `question: Ticks?\nseed: 1\nreplications: 1\nscenario: ${scenario}\n`);
  const { status, stdout, stderr } = await spoolsimAlone(folder, "diff", "./ticks.yaml", "--program", clone);
  assert.deepEqual([status, stderr], [1, ""]);
  assert.match(stdout, /^The two runs differ first at server 0, week 1 Mon 00:16:40\.000000 /);
});

test("what another program throws is one line that no terminal obeys", async () => {
  const clone = join(folder, "thrower");
  await mkdir(join(clone, "dist/lab/experiment"), { recursive: true });
  await mkdir(join(clone, "dist/lab/execution"), { recursive: true });
  await writeFile(join(clone, "package.json"), '{"type": "module"}');
  const scenario = JSON.stringify(new URL("../../lab/experiment/scenario.js", import.meta.url));
  await writeFile(join(clone, "dist/lab/experiment/scenario.js"), `export { resolveScenario } from ${scenario};`);
  const thrown = 'throw new Error("first\\nspoolsim: second \\x1b[31m" + "x".repeat(5000) + " last")';
  await writeFile(
    join(clone, "dist/lab/execution/slice-simulator.js"),
    `export class SliceSimulator { start() { ${thrown}; } get started() { return 1; } mark() {} }`,
  );
  const { status, stdout, stderr } = await spoolsim(folder, "diff", "./small.yaml", "--program", clone);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(
    stderr,
    /^spoolsim: one of the two runs failed: first\\nspoolsim: second \\u001b\[31mx+ \.\.\. \d+ characters \.\.\. x+ last\n$/,
  );
  assert.ok(stderr.length < 1200);
});

test("runs that cannot be compared end with 2", async () => {
  const { status, stderr } = await spoolsim(folder, "diff", "./small.yaml", "--program", folder);
  assert.equal(status, 2);
  assert.match(stderr, /^spoolsim: --program .* is not a built clone of spoolsim: .*\n$/);
  const other = await spoolsim(folder, "diff", "./small.yaml", "mm1");
  assert.equal(other.status, 2);
  assert.match(
    other.stderr,
    /^spoolsim: the models are print-servers and mm1; diff compares runs of the same model\n$/,
  );
});
