/**
 * lab/studies/rare-event.ts: probabilities that are known, found at a fraction of the cost, the same however they are
 * computed. lab/validation/topics/rare-events.ts has far rarer ones.
 */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildExperiment } from "../../../lab/experiment/load.ts";
import { findPoint } from "../../../lab/experiment/point-selector.ts";
import { split, thinned } from "../../../lab/studies/rare-event.ts";
import { conditionOf } from "../../../lab/traces/condition.ts";
import { gammaCdf } from "../../../statistics/gamma.ts";
import { assertNear } from "../../statistics/near.ts";

const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };

async function requested(scenario: object, where: string) {
  const whole = { horizonDays: 1, servers: 10, ...scenario };
  const experiment = buildExperiment("rare", { question: "?", seed: "rare", replications: 2, scenario: whole }, "/");
  const point = await findPoint(experiment, "");
  return { experiment, point, condition: conditionOf(point.resolved.model, where) };
}

const leaking = { model: "exhaustion", parameters: { leaksPerDay: 1 } };

/** Every job that is altered leaks, and prints at once. */
const office = {
  model: "print-servers",
  servers: 20,
  parameters: {
    ...{ profile: "flat", jobsPerDay: 2000, textShare: 0, emfShare: 0, pagesLaw: "fixed", pagesMean: 1, printers: 200 },
    ...{ deleteShare: 1e-5, pauseDeleteShare: 0, restartShare: 0, pauseResumeShare: 0 },
    ...{ controlMsMedian: 60_000, controlSigma: 0 },
  },
};

test("splitting finds Poisson's probability of six leaks in a day at a tenth of the cost", async () => {
  const { experiment, point, condition } = await requested(leaking, "leaks >= 6");
  const { probability, costRatio, servers } = await split(experiment, point, condition, {
    trajectories: 200,
    steps: 20,
  });
  const known = gammaCdf(6, 1);
  assert.equal(servers, 20);
  assert.ok(probability.lower < known && known < probability.upper, `${probability.lower} .. ${probability.upper}`);
  assert.ok(costRatio > 10, `${costRatio}`);
});

test("thinning finds the Poisson probability of one leak, and of two", async () => {
  const mean = 2000 * 1e-5;
  for (const least of [1, 2]) {
    const { experiment, point, condition } = await requested(office, `processorsLeaked >= ${least}`);
    const { probability, costRatio, times } = await thinned(experiment, point, condition, machine);
    assertNear(times, 1e4, 1e-6);
    assert.ok(Math.abs(probability.value - gammaCdf(least, mean)) < 4 * probability.standardError, `${least}`);
    assert.ok(costRatio > 100, `${costRatio}`);
  }
  const { experiment, point } = await requested(office, "processorsLeaked >= 1");
  const same = ["leakedHandles > 0", "processorsLeaked > 0.5", "leakedPrivateBytes >= 4096"];
  const values = await Promise.all(
    same.map(async (where) => {
      const condition = conditionOf(point.resolved.model, where);
      return (await thinned(experiment, point, condition, machine)).probability.value;
    }),
  );
  assert.equal(new Set(values).size, 1, values.join(" "));
});

test("slices and threads change no digit", async () => {
  const { experiment, point, condition } = await requested(office, "processorsLeaked >= 1");
  const alone = await thinned(experiment, point, condition, machine);
  assert.deepEqual(await thinned(experiment, point, condition, { ...machine, workers: 2, sliceSize: 3 }), alone);
  const crowd = await requested({ ...office, servers: 3, horizonDays: 0.25 }, "jobsExisting >= 4");
  const splitOn = (workers: number) =>
    split(crowd.experiment, crowd.point, crowd.condition, { trajectories: 5, steps: 5 }, { ...machine, workers });
  assert.deepEqual(await splitOn(2), await splitOn(1));
});

test("what a user's spooler throws while it is split names its line and its run, on any thread", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "rare-"));
  for (const [name, throws, workers] of [
    ["always", "true", 1],
    ["in-a-worker", "!isMainThread", 2],
  ] as const) {
    const spooler = join(cwd, `${name}.mjs`);
    const verbs = `open() { if (${throws}) throw new Error("no"); }, enterAlteration() {}, leaveAlteration() {}, close() {}`;
    const head = 'import { isMainThread } from "node:worker_threads";';
    writeFileSync(spooler, `${head} export default { name: "${name}", meaning: "throws", ${verbs} };`);
    const scenario = { ...office, servers: 2, parameters: { ...office.parameters, spooler } };
    const { experiment, point, condition } = await requested(scenario, "jobsExisting >= 9");
    await assert.rejects(
      split(experiment, point, condition, { trajectories: 2, steps: 1 }, { ...machine, workers }),
      ({ name, message }: Error) => {
        assert.equal(name, "UserError");
        assert.match(message, /\.mjs:1:\d+ no \(design point 0, replication 0, servers \d to \d\)$/);
        return true;
      },
    );
  }
});

test("an aborted splitting ends with the signal's reason, on one thread and on two", async () => {
  const { experiment, point, condition } = await requested({ ...office, servers: 2 }, "jobsExisting >= 9");
  for (const workers of [1, 2]) {
    const end = new AbortController();
    const { signal } = end;
    const splitting = split(experiment, point, condition, { trajectories: 2, steps: 1 }, { workers, signal });
    end.abort(new Error("enough"));
    await assert.rejects(splitting, /enough/);
  }
});

test("a splitting that is aborted while it plans starts no further server", async () => {
  const { experiment, point, condition } = await requested(leaking, "leaks >= 6");
  const { model } = point.resolved;
  const end = new AbortController();
  let started = 0;
  const create: typeof model.create = (values, slice, open) => {
    const instance = model.create(values, slice, open);
    return Object.assign(instance, {
      start(...from: Parameters<typeof instance.start>) {
        started++;
        end.abort(new Error("enough"));
        Object.getPrototypeOf(instance).start.apply(instance, from);
      },
    });
  };
  const watched = { ...point, resolved: { ...point.resolved, model: { ...model, create } } };
  const machine = { workers: 1, signal: end.signal };
  await assert.rejects(split(experiment, watched, condition, { trajectories: 2, steps: 1 }, machine), /enough/);
  assert.equal(started, 1);
});

test("a resource with nothing leaked never reaches a ceiling above 0", async () => {
  const free = { ...office, servers: 2, parameters: { ...office.parameters, heapBytesPerInstance: 0 } };
  for (const [where, known] of [
    ["leakedPrivateBytes >= 1", 0],
    ["leakedPrivateBytes >= 0", 1],
  ] as const) {
    const { experiment, point, condition } = await requested(free, where);
    await assert.rejects(thinned(experiment, point, condition, machine), /cannot be thinned/);
    const { probability } = await split(experiment, point, condition, { trajectories: 2, steps: 2 });
    assert.equal(probability.value, known, where);
  }
});

test("a spooler that leaks without an alteration is not thinned", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "rare-"));
  const verbs = "open() {}, enterAlteration() {}, leaveAlteration() {}, close() {}";
  writeFileSync(join(cwd, "never.mjs"), `export default { name: "never", meaning: "never closes", ${verbs} };`);
  const scenario = { ...office, parameters: { ...office.parameters, spooler: join(cwd, "never.mjs") } };
  const { experiment, point, condition } = await requested(scenario, "processorsLeaked > 0");
  await assert.rejects(thinned(experiment, point, condition, machine), /the servers leak even with shares of 0/);
});

test("a condition that cannot be thinned or split is refused in one line", async () => {
  const drained = { ...office, parameters: { ...office.parameters, dcsMax: 5, textShare: 1 } };
  const scripted = { ...office, parameters: { deleteShare: 1e-5, jobScript: "seconds=1 alter=delete" } };
  const rollout = { ...office, parameters: { ...office.parameters, waveServers: 5, patchOrder: "hotfix" } };
  const cases = [
    [scripted, "processorsLeaked > 0", /^processorsLeaked cannot be thinned/],
    [rollout, "processorsLeaked > 0", /^the servers of a coordinated fleet are not independent/],
    [office, "jobsPrinted >= 1", /^jobsPrinted cannot be thinned/],
    [office, "processorsLeaked < 1", /^processorsLeaked cannot be thinned/],
    [{ ...office, parameters: { deleteShare: 0.2 } }, "processorsLeaked > 0", /^processorsLeaked cannot be thinned/],
    [drained, "leakedDcs > 0", /^with 1\.00e\+4 times the shares, a server runs out of a resource \(dcCeilingUs\)/],
  ] as const;
  for (const [scenario, where, message] of cases) {
    const { experiment, point, condition } = await requested(scenario, where);
    await assert.rejects(thinned(experiment, point, condition, machine), { message });
  }
  const { experiment, point, condition } = await requested(office, "jobsExisting < 1");
  const splitting = { trajectories: 2, steps: 2 };
  await assert.rejects(split(experiment, point, condition, splitting), /only a condition with > or >= can be$/);
  const once = conditionOf(point.resolved.model, "firstStarvedUs > 1");
  await assert.rejects(split(experiment, point, once, splitting), /^UserError: firstStarvedUs cannot be split/);
  const hidden = { ...point.resolved.model, keepsStateInFields: undefined } as unknown as typeof point.resolved.model;
  const unseen = { ...point, resolved: { ...point.resolved, model: hidden } };
  await assert.rejects(
    split(experiment, unseen, conditionOf(hidden, "jobsExisting > 1"), splitting),
    /cannot be saved/,
  );
});
