/** lab/results/manifest-schema.ts: what is wrong with a manifest is reported with its path, value and rule. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readManifest } from "../../../lab/results/manifest.ts";
import { queues, remove, resultsOf } from "../../support/small-results.ts";

let folder: string;
let whole: string;
before(async () => {
  folder = await resultsOf(queues);
  whole = await readFile(join(folder, "manifest.json"), "utf8");
});
after(() => remove(folder));

type Json = Record<string, unknown>;

/** What is said of the manifest with the value at the path, which is left out when it is undefined. */
async function saidOf(path: string, value: unknown): Promise<string> {
  const manifest = JSON.parse(whole) as Json;
  const keys = path.split(".");
  const last = keys.pop()!;
  const parent = keys.reduce((inner, key) => inner[key] as Json, manifest);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const error = await readManifest(folder).catch((error: Error) => error);
  assert.ok(error instanceof Error, path);
  assert.equal(error.name, "UserError");
  return error.message.replace(`${join(folder, "manifest.json")}: `, "");
}

test("a manifest is read, and unknown keys in it are ignored", async () => {
  const manifest = { ...(JSON.parse(whole) as Json), another: 1 };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  assert.equal((await readManifest(folder)).experiment.name, "small");
});

test("a missing or mistyped key is reported with its path, value and rule", async () => {
  assert.equal(await saidOf("experiment.name", undefined), "experiment.name is missing; a text that is not empty");
  assert.equal(await saidOf("points", undefined), "points is missing; a list of design points");
  assert.equal(await saidOf("points", []), "points is []; a list of design points");
  assert.equal(await saidOf("points.0.levels.servicesPerSecond", 1), "points.0.levels.servicesPerSecond is 1; a text");
  assert.equal(await saidOf("points.1.levels", {}), "points.1.levels.servicesPerSecond is missing; a text");
  assert.equal(await saidOf("points.1.index", 0), "points.1.index is 0; 1");
  assert.equal(await saidOf("files.0.path", "../../x"), 'files.0.path is "../../x"; the name of a file in the folder');
  assert.equal(await saidOf("files.0.path", undefined), "files.0.path is missing; the name of a file in the folder");
  assert.match(
    await saidOf("points.0.scenario.horizonDays", undefined),
    /^points\.0\.scenario\.horizonDays is missing; /,
  );
  assert.equal(await saidOf("experiment.fleet", "site"), 'experiment.fleet is "site"; one of servicesPerSecond');
});
