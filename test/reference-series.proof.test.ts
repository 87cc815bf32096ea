/** docs/reference-series.md: the command makes the frozen set of series again, to the last byte. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { programFolder } from "../lab/program.ts";
import { spoolsim } from "./support/spoolsim.ts";

test("the reference series have the committed hash", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-reference-"));
  try {
    const docs = join(programFolder, "docs");
    const options =
      "--series --server 0-9 --every 1h --columns privateBytes,handles,pagedPoolBytes,nonpagedPoolBytes " +
      "--out reference-series.csv";
    const words = ["export", join(docs, "reference-series.yaml"), ...options.split(" ")];
    const { status, stderr } = await spoolsim(folder, ...words);
    assert.equal(status, 0, stderr);
    const hash = createHash("sha256").update(await readFile(join(folder, "reference-series.csv")));
    const [committed] = (await readFile(join(docs, "reference-series.sha256"), "utf8")).split(" ");
    assert.equal(hash.digest("hex"), committed);
  } finally {
    await rm(folder, { recursive: true });
  }
});
