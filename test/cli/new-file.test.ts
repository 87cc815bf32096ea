/** cli/new-file.ts: a new file is complete or absent. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { writeTo } from "../../cli/new-file.ts";
import { folderForEachTest } from "../support/folders.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("an aborted file is absent, with what was written of it", async () => {
  const controller = new AbortController();
  const writing = writeTo(
    join(cwd, "x.csv"),
    "a table",
    async (sink) => {
      await sink("one");
      assert.equal((await readdir(cwd)).length, 1);
      controller.abort();
      await sink("two");
    },
    controller.signal,
  );
  await assert.rejects(writing, { name: "AbortError" });
  assert.deepEqual(await readdir(cwd), []);
});
