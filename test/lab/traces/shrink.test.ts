/** The shortest script is enough by itself, nothing of it can be left out, and the reference tells its steps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { conditionOf } from "../../../lab/traces/condition.ts";
import { firstTimeOf, shortestScript, type ShrunkScript } from "../../../lab/traces/shrink.ts";
import { shrunk } from "./shrinking.ts";

/** When the scenario meets the condition, with these lines in place of its own. */
async function firstTime({ scenario, seed }: ShrunkScript, where: string, lines: readonly string[]) {
  const resolved = await resolveScenario({
    ...scenario,
    parameters: { ...scenario.parameters, jobScript: lines.join("\n") },
  });
  const selector = { resolved, seed, replication: 0, server: 0 };
  return firstTimeOf(selector, conditionOf(resolved.model, where), Math.round(scenario.horizonDays * 86400e6));
}

for (const seed of ["Q223863", "1", "2", "3", "4"]) {
  test(`the leak of the article in at most five steps, seed ${seed}`, async () => {
    const where = "processorsLeaked > 0";
    const found = await shrunk(seed, { site: "help-desk", dcsMax: 200 }, where, 1);
    assert.equal(found.lines.length, 1);
    assert.ok(found.steps.length <= 5, JSON.stringify(found.steps));
    assert.match(found.steps[0].sentence, /is submitted/);
    assert.match(found.steps[1].sentence, /somebody alters/);
    assert.match(
      found.steps.at(-1)!.sentence,
      /returns without closing it .*: it stays open until the spooler restarts$/,
    );
    assert.deepEqual(Object.keys(found.scenario.parameters), ["jobScript"]);
    assert.equal(found.isShortest, true);
    assert.ok(found.simulations > 5 && found.simulations <= 100, `${found.simulations}`);
    assert.notEqual(await firstTime(found, where, found.lines), undefined);
  });
}

test("a starving job needs the jobs that leaked the DCs before it, and the setting of few DCs", async () => {
  const where = "jobsStarved > 0";
  const found = await shrunk("starve", { site: "mainframe", dcsMax: 17 }, where);
  assert.equal(found.lines.length, 3, "two DCs leak, and the third job finds none");
  assert.deepEqual(found.scenario.parameters.dcsMax, 17);
  assert.equal(found.scenario.parameters.site, undefined);
  assert.notEqual(await firstTime(found, where, found.lines), undefined);
  for (const line of found.lines) {
    const others = found.lines.filter((one) => one !== line);
    assert.equal(await firstTime(found, where, others), undefined, `without ${line}`);
  }
});

test("many jobs that have to leak are found, each as simple as the others", async () => {
  const found = await shrunk("starve", { site: "mainframe", dcsMax: 24 }, "jobsStarved > 0");
  assert.deepEqual([found.lines.length, found.isShortest], [10, true], "8 DCs leak, and 16 are in use");
  assert.equal(new Set(found.lines).size, 1);
  assert.ok(found.simulations <= 150, `${found.simulations}`);
});

test("a script of too many lines is refused, whatever the model", async () => {
  const scenario = { model: "print-servers", servers: 1, horizonDays: 1, sampleEveryHours: 24, parameters: {} };
  const { model, ...rest } = await resolveScenario(scenario);
  const scripted = {
    ...model.scripted!,
    *record() {
      for (;;) yield "seconds=1";
    },
  };
  const condition = conditionOf(model, "jobsStarved > 0");
  const selector = { resolved: { model: { ...model, scripted }, ...rest }, seed: "1", replication: 0, server: 0 };
  await assert.rejects(
    shortestScript(selector, condition, 86400e6),
    /^UserError: server 0 meets jobsStarved > 0 after 1 day; its script until then has more than 200000 lines/,
  );
});

test("a condition that a script's jobs do not cause is refused, and so is a model without scripts", async () => {
  await assert.rejects(
    shrunk("outages", { Q223791: "present", jobsPerDay: 100 }, "lprDisconnections > 0", 1),
    /lprDisconnections > 0 does not follow from the jobs of server 1 alone/,
  );
  const scenario = { model: "mm1", servers: 1, horizonDays: 1, sampleEveryHours: 24, parameters: {} };
  const resolved = await resolveScenario(scenario);
  const condition = conditionOf(resolved.model, `${resolved.model.responses[0].name} > 0`);
  const selector = { resolved, seed: "1", replication: 0, server: 0 };
  await assert.rejects(shortestScript(selector, condition, 1e9), /mm1 has no scripts/);
});
