/**
 * lab/results/data-package-reader.ts: the tables that a run described are found again, and nothing outside the folder
 * is.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { resourcesOf } from "../../../lab/results/data-package-reader.ts";
import { programFolder } from "../../../lab/program.ts";

test("every table of a run is found with its columns", async () => {
  const folder = join(programFolder, "results", "reference", "q223863-quick");
  const resources = await resourcesOf(folder);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".csv"));
  assert.deepEqual(resources.map(({ path }) => path).sort(), files.sort());
  const servers = resources.find(({ path }) => path === "servers.csv")!;
  const column = servers.schema.fields.find(({ name }) => name === "leakedPrivateBytes");
  assert.deepEqual([column?.type, column?.unit], ["integer", "B"]);
});

test("refused: a folder without results, and a foreign data package", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-package-"));
  try {
    await assert.rejects(resourcesOf(folder), {
      name: "UserError",
      message: `${folder} holds no results: its datapackage.json does not exist`,
    });
    const table = (path: string, type: string) => {
      const fields = [{ name: "a", type, description: "a" }];
      return JSON.stringify({ resources: [{ path, description: "rows", schema: { fields } }] });
    };
    for (const [text, place] of [
      ["{", " is not valid JSON"],
      ["{}", ": resources "],
      ["null", ": it "],
      [table("../x.csv", "integer"), ": resources.0.path "],
      [table("x.csv", "date"), ": resources.0.schema.fields.0.type "],
    ]) {
      await writeFile(join(folder, "datapackage.json"), text!);
      await assert.rejects(resourcesOf(folder), ({ name, message }: Error) => {
        return name === "UserError" && message.includes(`datapackage.json${place}`);
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
