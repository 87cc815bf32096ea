/** lab/results/folder-swap.ts: either the former folder or the new one is in place. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { beside, takeName } from "../../../lab/results/folder-swap.ts";
import { inFolder } from "../../support/imported-logs.ts";

test("if the new folder cannot take the name, the former one gets it back", async () => {
  await inFolder(async (base) => {
    const folder = join(base, "mine");
    await mkdir(folder);
    await writeFile(join(folder, "table.csv"), "former");
    // There is no new folder, so the second rename fails.
    await assert.rejects(
      takeName(folder, () => true),
      { code: "ENOENT", syscall: "rename", path: beside(folder, "partial") },
    );
    assert.deepEqual(await readdir(base), ["mine"]);
    assert.equal(await readFile(join(folder, "table.csv"), "utf8"), "former");
  });
});

test("the new folder replaces what was the former one's, and keeps what was not", async () => {
  await inFolder(async (base) => {
    const folder = join(base, "mine");
    for (const [at, text] of [
      [folder, "former"],
      [beside(folder, "partial"), "new"],
    ] as const) {
      await mkdir(at);
      await writeFile(join(at, "table.csv"), text);
    }
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeFile(join(folder, "old.csv"), "former");
    await takeName(folder, (name) => name.endsWith(".csv"));
    assert.deepEqual(await readdir(base), ["mine"]);
    assert.deepEqual((await readdir(folder)).sort(), ["notes.txt", "table.csv"]);
    assert.equal(await readFile(join(folder, "table.csv"), "utf8"), "new");
  });
});
