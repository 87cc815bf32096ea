/** docs/own-data.md: its slow commands, which calibrate and advise, print what the page shows. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { programFolder } from "../lab/program.ts";
import { remade } from "../scripts/published.ts";

test("the story of own-data.md is what its commands print, from the log to the advice", async () => {
  const page = await readFile(join(programFolder, "docs/own-data.md"), "utf8");
  assert.equal(await remade(page, { isSlow: true }), page);
});
