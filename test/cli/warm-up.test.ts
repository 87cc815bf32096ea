/** `spoolsim warm-up`, end to end: a table to read, one as CSV in a new file, and mistakes in one line. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { leaking, queues, remove, resultsOf } from "../support/small-results.ts";
import { warmUpStudy, warmUpText } from "../../cli/warm-up.ts";
import { spoolsim } from "../support/spoolsim.ts";

let steady: string;
let printers: string;
let cwd: string;
before(async () => {
  steady = await resultsOf(queues, "queues");
  printers = await resultsOf(leaking, "leaking");
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-warm-up-"));
});
after(async () => {
  await remove(steady);
  await remove(printers);
  await rm(cwd, { recursive: true });
});

test("warm-up prints what to discard for each mean, and writes the requested CSV", async () => {
  const words = ["warm-up", steady, "--observations", "100", "--workers", "1", "--out", "warm-up.csv"];
  const { status, stdout, stderr } = await spoolsim(cwd, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /\n│ servicesPerSecond=2 +│ waitUsMean \[ms\] +│ +\d+(\.\d+)? s \(\d+ %\) │/);
  assert.doesNotMatch(stdout, /always rises/);
  const csv = await readFile(join(cwd, "warm-up.csv"), "utf8");
  assert.match(csv, /^servicesPerSecond,name,unit,observations,forgottenDays,refusal,all,/);
  assert.equal(csv.split("\n").length, 1 + 3 * 2 + 1);
});

test("it reports that a leak has no steady state, with exit code 2 if the leak was requested", async () => {
  const { status, stdout } = await spoolsim(cwd, "warm-up", printers, "--of", "privateBytes", "--at", "dcs=few");
  assert.equal(status, 0);
  assert.match(stdout, /\nprocessorsLeaked, like every leak, always rises and has no steady state\.\n$/);
  const refused = await spoolsim(cwd, "warm-up", printers, "--of", "leakedDcs", "--out", "none.csv");
  assert.equal(refused.status, 2);
  assert.equal(
    refused.stderr,
    "spoolsim: --of is leakedDcs, a leak: its total rises for ever and has no steady state; " +
      "ask of its rate, which leak-rates.csv has\n",
  );
});

test("what has no steady state for one reason is listed with it once", () => {
  const responses: never[] = [];
  const point = { levels: {}, scenario: { horizonDays: 7 }, resolved: { model: { responses } } };
  const plan = { points: [point], experiment: { replications: 2, factors: [] } };
  const none = { value: NaN, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  const row = { point, unit: "1", refusal: "3 of 5 observations are empty", all: none, rest: none, forgottenDays: NaN };
  const rows = ["one", "other"].map((name) => ({ ...row, name }));
  const found = { plan, rows } as unknown as Parameters<typeof warmUpText>[0];
  const text = warmUpText(found);
  assert.equal(text.match(/3 of 5 observations are empty/g)?.length, 1);
  assert.match(text, /\none and other: 3 of 5 observations are empty$/);
  assert.deepEqual(warmUpStudy(found, "results").more, ["one and other: 3 of 5 observations are empty"]);
  const point2 = { ...point, levels: { site: "office" } };
  const more = [
    ...rows,
    ...rows.map((other) => ({ ...other, point: point2 })),
    { ...row, name: "third", point: point2 },
  ];
  assert.deepEqual(warmUpStudy({ plan, rows: more } as unknown as typeof found, "results").more, [
    "one and other: 3 of 5 observations are empty",
    "one, other and third (site=office): 3 of 5 observations are empty",
  ]);
  const pair = ["office", "home"].flatMap((site) =>
    rows.map((other) => ({ ...other, point: { ...point, levels: { site } } })),
  );
  assert.deepEqual(warmUpStudy({ plan, rows: pair } as unknown as typeof found, "results").more, [
    "one and other (site=office; site=home): 3 of 5 observations are empty",
  ]);
});
