/** lab/studies/price-list.ts: what a list says, and where it is wrong. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Model } from "../../../models/model.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { readPriceList, type PriceList } from "../../../lab/studies/price-list.ts";

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "spoolsim-prices-"))));
after(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<PriceList> {
  const file = join(folder, "prices.yaml");
  await writeFile(file, text);
  return readPriceList(file, await loadExperiment("restart-or-patch"), printServers as unknown as Model);
}

test("a price list has a currency, prices, and parameters that are set in the experiment", async () => {
  const { currency, amounts, experiment } = await read(
    "currency: CHF\nstaffHour: 60\nunprintedJob: 0\nstaffMinutesPerUpgrade: 45\nrestartOn: sunday\nrestartAtHour: 3\n",
  );
  assert.equal(currency, "CHF");
  assert.deepEqual(
    [...amounts],
    [
      ["staffHour", 60],
      ["unprintedJob", 0],
    ],
  );
  const { staffMinutesPerUpgrade, restartOn, restartAtHour } = experiment.scenario.parameters;
  assert.deepEqual([staffMinutesPerUpgrade, restartOn, restartAtHour], [45, "sunday", 3]);
});

test("today's policy is the present one: one of those compared, or a new one", async () => {
  const presentOf = async (text: string) => {
    const { compare, factors } = (await read(text)).experiment;
    const { levels } = factors.find(({ name }) => name === compare!.factor)!;
    return [compare!.baseline, levels.length, levels.find(({ name }) => name === compare!.baseline)!.settings];
  };
  assert.deepEqual(await presentOf("staffHour: 60\n"), ["wait", 9, { "parameters.restartEveryHours": 0 }]);
  assert.deepEqual(await presentOf("restartEveryHours: 168\n"), ["weekly", 9, { "parameters.restartEveryHours": 168 }]);
  assert.deepEqual(await presentOf("restartEveryHours: 336\ncomplaintMinutesMean: 90\n"), [
    "today",
    10,
    { "parameters.restartEveryHours": 336, "parameters.complaintMinutesMean": 90 },
  ]);
});

for (const [text, message] of [
  ["jobsPerDay: 24\nrestartEveryHours: soon\n", /:2:1 restartEveryHours is "soon"; a/],
  ["staffHour: 60\nstafHour: 1\n", /prices\.yaml:2:1 stafHour is neither a price .*did you mean staffHour\?/],
  ["staffHour: -1\n", /:1:1 staffHour is -1; a price is a number in \[0, 1000000000\]/],
  ["staffHour: dear\n", /:1:1 staffHour is dear; a price/],
  ["\ncurrency: [EUR]\n", /:2:1 currency is undefined; it must be a word such as EUR/],
  ["restartOn: someday\n", /:1:1 restartOn is "someday"; one of/],
  ["- 3\n", /:1:1 a price list has lines such as staffHour: 60/],
  ["staffHour: 60\nstaffHour: 70\n", /:2:1 is not valid YAML: Map keys must be unique/],
  ["a: {\n", /is not valid YAML/],
] as const) {
  test(`a list is refused: ${JSON.stringify(text)}`, () => assert.rejects(read(text), message));
}

test("a missing price list is refused by name", async () => {
  const experiment = await loadExperiment("restart-or-patch");
  const none = readPriceList(join(folder, "none.yaml"), experiment, printServers as unknown as Model);
  await assert.rejects(none, /prices .*none\.yaml does not exist/);
});
