/** lab/experiment/guarded-model.ts: what a user's model may not do is one line with its file, on one thread or two. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runTwice } from "../../../lab/execution/determinism.ts";
import { inlineRunner } from "../../../lab/execution/inline-runner.ts";
import { execute, type Run, type Runner } from "../../../lab/execution/run.ts";
import { threadRunner } from "../../../lab/execution/thread-runner.ts";
import { guardedModel } from "../../../lab/experiment/guarded-model.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { catalogue } from "../../../models/catalogue.ts";
import { valuesOf } from "../../models/print-servers/lockstep.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-guarded-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A model that ticks and leaks, in which a piece of the program is replaced by another. */
const ticks = `let ever = 0;
export default {
  name: "ticks", meaning: "ticks and leaks", kinds: ["TICK"], parameters: {},
  limits: () => [{ response: "leaked", eventTime: "firstUs", level: 8 }],
  responses: [
    { name: "ticks", unit: "1", role: "count", meaning: "ticks" },
    { name: "leaked", unit: "B", role: "leak", meaning: "leaked", leakSize: 8 },
    { name: "firstUs", unit: "us", role: "eventTime", meaning: "first tick", ofFleet: true },
  ],
  create(values, { count }) {
    const ticked = new Float64Array(count), leaked = new Float64Array(count), first = new Float64Array(count).fill(NaN);
    return {
      columns: [ticked, leaked, first],
      start(schedule) { for (let server = 0; server < count; server++) schedule.after(1e9, 0, server, 0); },
      handle(kind, server, object, schedule) {
        ticked[server]++; leaked[server] += 8; if (ticked[server] === 1) first[server] = schedule.now;
        schedule.after(1e9, 0, server, 0);
      },
      observe() {},
      check() {},
    };
  },
};
`;

let written = 0;

async function runOf(from: string, to: string, program = ticks): Promise<Run> {
  assert.ok(program.includes(from), from);
  const file = join(folder, `ticks-${written++}.mjs`);
  await writeFile(file, program.replace(from, to));
  const wanted = { model: file, servers: 3, horizonDays: 1, sampleEveryHours: 6, parameters: {} };
  const { scenario } = await resolveScenario(wanted);
  return { point: 0, replication: 0, seed: "1", scenario, first: 0, count: 3, sliceSize: 3 };
}

async function resultsOf(runner: Runner, run: Run) {
  const results = [];
  for await (const result of runner([run], new AbortController().signal)) results.push(result);
  return results;
}

/** What is replaced by what, and the line that is reported, without the file and the place. */
const faults: Readonly<Record<string, readonly [from: string, to: string, line: RegExp]>> = {
  "one column too few": ["[ticked, leaked, first]", "[ticked, leaked]", /: an instance has 2 columns; .* 3 responses /],
  "a column of another length": [
    "leaked = new Float64Array(count)",
    "leaked = new Float64Array(7)",
    /: the column of leaked has 7 numbers; .*3 servers /,
  ],
  "a column that is an array": [
    "ticked = new Float64Array(count)",
    "ticked = new Array(count).fill(0)",
    /: the column of ticks is not a Float64Array/,
  ],
  "a column that shrinks": [
    "observe() {}",
    "observe() { this.columns = [ticked, leaked.slice(1), first]; }",
    /: the column of leaked has 2 numbers; /,
  ],
  "no observe": ["observe() {},", "", /: an instance must have a method observe\(\)/],
  "no check": ["check() {},", "", /: an instance must have a method check\(\)/],
  "no instance": ["    return {", "    return null; const it = {", /: create must return an instance/],
  "a kind out of range": [
    "schedule.after(1e9, 0, server, 0); },",
    "schedule.after(1e9, 7, server, 0); },",
    /:14:\d+ an event has the kind 7; the model's kinds are 0 to 0 \(TICK\)/,
  ],
  "a time that is not a whole number": [
    "        schedule.after(1e9,",
    "        schedule.after(0.5,",
    /:17:\d+ delay is 0\.5 at time 1000000000; /,
  ],
  "a time in the past": ["        schedule.after(1e9,", "        schedule.after(-1,", /:17:\d+ delay is -1 at time/],
  "an unknown server": [
    "schedule.after(1e9, 0, server, 0); },",
    "schedule.after(1e9, 0, server + 9, 0); },",
    /:14:\d+ an event of subject 9; the subjects are 0 to 2/,
  ],
  "an object that is not a number": [
    "        schedule.after(1e9, 0, server, 0);",
    "        schedule.after(1e9, 0, server, {});",
    /:17:\d+ an event has the object \[object Object\]; /,
  ],
  "a count of half a tick": [
    "ticked[server]++",
    "ticked[server] += 0.5",
    /: ticks is \d+\.5 at server 0 .*; it must be a whole number unless the response has fractional: true/,
  ],
  "a count that is NaN": [
    "ticked[server]++",
    "ticked[server] = NaN",
    /: ticks is NaN at server 0 .*; it must be a finite number/,
  ],
  "a leak total that decreases": [
    "leaked[server] += 8",
    "leaked[server] = 8 * (80 - ticked[server])",
    /: leaked is \d+ at server 0 .*; it was \d+; a leak total never decreases/,
  ],
  "leaks of another size": [
    "leakSize: 8",
    "leakSize: 7",
    /: leaked is \d+ at server 0 .*; it must be a whole number of leaks of 7 B, the leakSize/,
  ],
  "a count that decreases": [
    "ticked[server]++",
    "ticked[server] = schedule.now < 3e10 ? ticked[server] + 1 : 5",
    /: ticks is \d+ at server 0 .*; it was \d+; a count never decreases unless the response has now: true/,
  ],
  "a negative count": [
    "ticked[server]++",
    "ticked[server]--",
    /: ticks is -\d+ at server 0 .*; a count must be at least 0/,
  ],
  "a first tick that changes": [
    "if (ticked[server] === 1) first",
    "first",
    /: firstUs is \d+ at server 0 .*; it was \d+; an event time never changes once it is set/,
  ],
  "a first tick in the future": [
    "= schedule.now;",
    "= 1e12;",
    /: firstUs is 1000000000000 at server 0 .*; it must be NaN or a time from 0 to now \(\d+\)/,
  ],
  "an event of the fleet at different times": [
    "schedule.after(1e9, 0, server, 0); },",
    "schedule.after(1e9 + server, 0, server, 0); },",
    /: firstUs is 1000000001 at server 1 .*; server 0 has 1000000000; all servers of a fleet must have the same time/,
  ],
  "a reached limit without a time": [
    "=== 1) first",
    "=== 0) first",
    /: leaked is \d+ at server 0 .*; its limit of 8 is reached, so firstUs must be set/,
  ],
};

for (const [what, [from, to, line]] of Object.entries(faults)) {
  test(`refused in one line with its file: ${what}`, async () => {
    const run = await runOf(from, to);
    await assert.rejects(resultsOf(inlineRunner(execute), run), ({ name, message }: Error) => {
      assert.equal(name, "UserError");
      assert.ok(message.startsWith(run.scenario.model), message);
      assert.match(message, line);
      assert.match(message, /\(design point 0, replication 0, servers 0 to 2\)$/);
      return true;
    });
  });
}

test("a fault of an instance is reported from threads too, without a line of the program", async () => {
  const run = await runOf("[ticked, leaked, first]", "[ticked, leaked]");
  await assert.rejects(resultsOf(threadRunner(1), run), { name: "UserError", message: /: an instance has 2 columns/ });
});

test("refused in one line: a total that decreases, and an amount of us or B that is a fraction", async () => {
  const asTotal = ticks.replace('unit: "1", role: "count"', 'unit: "1", role: "total"');
  const falling = await runOf(
    "ticked[server]++",
    "ticked[server] = schedule.now < 3e10 ? ticked[server] + 1 : 5",
    asTotal,
  );
  await assert.rejects(resultsOf(inlineRunner(execute), falling), {
    message: /: ticks is \d+ at server 0 of the slice; it was \d+; a total never decreases /,
  });
  const asGauge = ticks.replace('unit: "1", role: "count"', 'unit: "B", role: "gauge"');
  const half = await runOf("ticked[server]++", "ticked[server] = 0.5", asGauge);
  await assert.rejects(resultsOf(inlineRunner(execute), half), {
    message:
      /: ticks is 0\.5 at server 0 of the slice; it must be a whole number unless the response has fractional: true /,
  });
});

test("a total that falls by no more than rounding is accepted", async () => {
  const asTotal = ticks.replace('unit: "1", role: "count"', 'unit: "1", role: "total"');
  const first = "first[server] = schedule.now;";
  const falling = `${first} if (ticked[server] > 1) ticked[server] = 2 - 1e-15 * (schedule.now / 1e9);`;
  const rounding = await runOf(first, falling, asTotal);
  await resultsOf(inlineRunner(execute), rounding);
});

test("every model that ships, with each of its parts, keeps the rules of a user's", () => {
  for (const [name, model] of Object.entries(catalogue)) {
    const parts = Object.entries(model.parameters).flatMap(([key, one]) => {
      return one.kind === "part" ? Object.keys(one.catalogue).map((part) => ({ [key]: part })) : [];
    });
    for (const part of parts.length === 0 ? [{}] : parts) {
      // Servers that leak, run out and are restarted.
      const hard = { profile: "flat", site: "mainframe", dcsMax: 20, restartEveryHours: 4 };
      const values = valuesOf(model, name === "print-servers" ? { ...hard, ...part } : part);
      const { simulation, instance } = new SliceSimulator(guardedModel(model, name), values, 2).start(
        values,
        "1",
        0,
        0,
      );
      for (let hours = 0.1; simulation.eventCount < 3000; hours *= 1.5) {
        simulation.run(Math.round(hours * 3600e6));
        instance.observe(Math.round(hours * 3600e6));
      }
    }
  }
});

test("a guard changes no result", async () => {
  const [result] = await resultsOf(inlineRunner(execute), await runOf("let ever = 0;", ""));
  assert.deepEqual([...result.samples.slice(-9)], [86, 86, 86, 688, 688, 688, 1e9, 1e9, 1e9]);
  assert.deepEqual([...result.eventCounts], [86, 86, 86]);
});

/** What makes a second run another one. */
const chances = {
  "Math.random": "Math.random()",
  Date: "(Date.now() + performance.now() * 1e6) % 1000 / 1000",
  "state left by an earlier instance": "(ever++ % 100) / 100",
};

for (const [what, chance] of Object.entries(chances)) {
  test(`a second run finds ${what}`, async () => {
    const run = await runOf("        schedule.after(1e9,", `        schedule.after(1e6 + Math.floor(${chance} * 1e9),`);
    const message = /ticks-\d+\.mjs: a second run of replication 0 differs at server \d \(digests x\w+ and x\w+\)/;
    await assert.rejects(runTwice(run), { name: "UserError", message });
  });
}

test("a second run that differs in a response only, after the same events, names the response", async () => {
  const run = await runOf("leaked[server] += 8;", "leaked[server] += 8 * Math.floor(Math.random() * 1e6);");
  const message =
    /a second run of replication 0 differs at server \d \(leaked [\d.]+ and [\d.]+, after the same events\); /;
  await assert.rejects(runTwice(run), { name: "UserError", message });
});
