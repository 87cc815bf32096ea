/**
 * lab/studies/sensitivity.ts and lab/studies/evaluations.ts, on a model whose output is a formula of its assumptions.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { findPoint } from "../../../lab/experiment/point-selector.ts";
import { sensitivityOf, sensitivityTable, type SensitivityOptions } from "../../../lab/studies/sensitivity.ts";
import { textOf } from "../../support/fake-results.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-sensitivity-"));
  await writeFile(join(folder, "formula.mjs"), model);
  await writeFile(join(folder, "x.yaml"), yaml);
});

after(() => rm(folder, { recursive: true }));

/** Leaks per day: 10 strong + 2 weak - 8 where it is broken, and noise; felt at once from 18 on. */
const model = `
  const common = { kind: "number", unit: "1", min: 0, max: 100, meaning: "-" };
  const number = (value, source) => ({ ...common, default: value, source });
  export default {
    name: "formula", meaning: "a formula", kinds: ["NEVER"],
    validate: ({ strong }) => strong < 0.05 ? "strong is below 0.05" : undefined,
    parameters: {
      weak: number(1, "assumption"), strong: number(1, "assumption; the most sensitive"), idle: number(1, "assumption"),
      measured: number(1, "Q223863"), given: number(1, "assumption"), none: number(0, "assumption"),
      isBroken: { kind: "switch", default: true, meaning: "-", source: "Q223863" },
    },
    responses: [
      { name: "leaks", unit: "1", role: "leak", meaning: "-", ceiling: "feltUs" },
      { name: "feltUs", unit: "us", role: "eventTime", meaning: "-" },
    ],
    create({ strong, weak, isBroken }, { count }, open) {
      const noise = open("noise");
      const leaks = new Float64Array(count), feltUs = new Float64Array(count).fill(NaN);
      const drawn = leaks.map((_, server) => 0.5 * noise.draw(server));
      return {
        columns: [leaks, feltUs], start() {}, handle() {}, check() {},
        observe(now) {
          for (let server = 0; server < count; server++) {
            leaks[server] = (isBroken ? Math.max(0, 10 * strong + 2 * weak - 8) : 0) * (now / 86400e6) + drawn[server];
            if (isBroken && 10 * strong + 2 * weak >= 18) feltUs[server] = 1;
          }
        },
      };
    },
  };
`;

const yaml = `question: q
seed: a
scenario: {model: ./formula.mjs, servers: 50, horizonDays: 30, parameters: {given: 2}}
factors: {isBroken: [true, false]}
compare: {factor: isBroken, baseline: true, against: false}
`;

const usual: Omit<SensitivityOptions, "point"> = {
  response: "leaks",
  servers: 2,
  horizonDays: 2,
  factor: 2,
  without: [],
  trajectories: 10,
  rows: 128,
  top: 2,
  workers: 1,
  sliceSize: 1,
  signal: new AbortController().signal,
};

async function sensitivity(options: Partial<SensitivityOptions> = {}, at = "") {
  const experiment = await loadExperiment(join(folder, "x.yaml"));
  return sensitivityOf(experiment, { ...usual, point: await findPoint(experiment, at), ...options });
}

test("assumptions are ranked by their effect, and chance cancels in a difference", async () => {
  const { output, influences, chance, against, tried } = await sensitivity();
  assert.deepEqual(
    influences.map(({ assumption }) => assumption.name),
    ["strong", "weak", "idle"],
  );
  assert.equal(against?.levels.isBroken, "false");
  assert.ok(Math.abs(output - 4) < 1e-9, String(output));
  const [strong, weak, idle] = influences;
  assert.ok(strong.effects.mu > 8 && weak.effects.mu > 1 && weak.effects.mu < 4, String(weak.effects.mu));
  assert.ok(idle.effects.muStar < 1e-9 && idle.indices === undefined);
  assert.ok(strong.indices!.total.value > 0.85 && weak.indices!.total.value < 0.15);
  assert.ok(Math.abs(chance!.total.value) < 1e-9);
  assert.equal(tried, 10 * 4 + 128 * 5);
});

test("without a comparison, chance is estimated from the output itself", async () => {
  const { chance, influences, output, against } = await sensitivity({}, "isBroken=false");
  assert.equal(against, undefined);
  // Noise of a half at most, over two days.
  assert.ok(output > 0 && output < 0.25);
  assert.ok(influences.every(({ effects }) => effects.muStar === 0));
  assert.equal(chance, undefined);
  const noisy = await sensitivity({ horizonDays: 0.01 });
  assert.ok(Math.abs(noisy.chance!.total.value) < 1e-9);
});

test("the value of an assumption at which the output would be 0 is found, within what the model admits", async () => {
  const {
    influences: [strong, weak],
    zero,
    unnoticed,
    tried,
  } = await sensitivity();
  // 10 strong + 2 - 8 is 0 at 0.6; 10 + 2 weak - 8 is above 0 for any weak. The model refuses a hundredth of strong.
  assert.ok(Number(strong.zeroAt) <= 0.6 && Number(strong.zeroAt) > 0.55, String(strong.zeroAt));
  assert.equal(weak.zeroAt, undefined);
  assert.ok(zero.count > 0 && zero.count < tried);
  const { assumption, isAbove, threshold, wantedShare, otherShare } = zero.split!;
  assert.deepEqual([assumption.name, isAbove], ["strong", false]);
  assert.ok(threshold > 0.4 && threshold < 0.8 && wantedShare > 0.9 && otherShare < 0.2, String(threshold));
  const felt = unnoticed!.split!;
  assert.deepEqual([felt.assumption.name, felt.isAbove], ["strong", false]);
  assert.ok(felt.threshold > 1.2 && felt.threshold < 1.7, String(felt.threshold));
});

test("the largest number of runs is announced before the first, and progress ends there", async () => {
  const calls: unknown[] = [];
  let done = 0;
  const { tried } = await sensitivity({
    trajectories: undefined,
    begin: (size) => calls.push(size),
    progress: ({ serversDone, serversTotal }) => {
      if (calls.length === 0) assert.fail("a run came before the announcement");
      assert.ok(serversDone === done + 1 || serversDone === done + 2, `${done}, ${serversDone}`);
      done = serversDone;
      calls[1] = serversTotal;
    },
  });
  // As assumed; 6 trajectories of 3 moves; 128 rows of A, B and 3 mixtures; 7 steps of 2 assumptions; on two sides.
  const runs = 2 * (1 + 6 * 4 + 128 * 5 + 2 * 7);
  assert.deepEqual(calls, [{ assumptions: 3, trajectories: 6, runs }, 2 * runs]);
  assert.equal(tried, 6 * 4 + 128 * 5);
  assert.ok(done <= 2 * runs && done > 1.9 * runs, String(done));
});

test("an assumption is left out by name, without changing any other", async () => {
  const { influences } = await sensitivity({ without: ["weak"], rows: 8 });
  assert.deepEqual(
    influences.map(({ assumption }) => assumption.name),
    ["strong", "idle"],
  );
  await assert.rejects(sensitivity({ without: ["weeak"] }), {
    name: "UserError",
    message: /^without is weeak; one of weak, .*did you mean weak\?$/,
  });
});

test("effects between two rates that are both lower bounds are counted", async () => {
  const { influences, trajectories } = await sensitivity({ rows: 8, trajectories: 20 });
  const [strong, weak, idle] = influences.map(({ bounded }) => bounded);
  // From 10 strong + 2 weak = 18 on, the resource runs out: with strong at 2, its highest level, whatever weak is, and
  // at none of its other levels. So strong always leaves that level or enters it, and the others do neither.
  assert.equal(trajectories, 20);
  assert.ok(strong.some > 0 && strong.some < 20 && strong.both === 0, JSON.stringify(strong));
  for (const other of [weak, idle]) {
    assert.ok(other.some > 0 && other.some < 20 && other.both === other.some, JSON.stringify(other));
  }
});

test("threads and the cache change nothing", async () => {
  const text = async (options: Partial<SensitivityOptions>) => {
    const found = await sensitivity({ rows: 8, ...options });
    return textOf(sensitivityTable(found), [...found.influences, found.chance!]);
  };
  const expected = await text({});
  const cache = { folder: join(folder, "cache"), bytesMax: 1e9 };
  for (const options of [{ workers: 2 }, { cache }, { cache, workers: 2 }]) assert.equal(await text(options), expected);
  const lines = expected.split("\n");
  assert.equal(lines.length, 1 + 3 + 1 + 1);
  assert.match(lines[1], /^strong,1,1,0\.5,2,/);
  assert.match(lines[4], /^chance,,,,,,,,,/);
});

test("an unknown response and an experiment without assumptions are refused", async () => {
  await assert.rejects(sensitivity({ response: "leak" }), {
    name: "UserError",
    message: "response is leak; one of leaks; did you mean leaks?",
  });
  const experiment = await loadExperiment(join(folder, "x.yaml"));
  const { scenario } = experiment;
  const parameters = { given: 1, strong: 1, weak: 1, idle: 1 };
  const known = { ...experiment, scenario: { ...scenario, parameters } };
  const point = await findPoint(known, "");
  await assert.rejects(sensitivityOf(known, { ...usual, point }), /^UserError: x has no assumption/);
});
