/** The table of coverage in docs/statistics.md has the headings, the rows and the remarks of scripts/coverage.ts. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { programFolder } from "../../lab/program.ts";
import { coverageCases, coverageTable } from "../../scripts/coverage.ts";

test("the published table of coverage says what the script says of each row", async () => {
  const document = await readFile(join(programFolder, "docs/statistics.md"), "utf8");
  const [, published] = /<!-- coverage -->\n\n([\s\S]*?)\n\n<!-- end of coverage -->/.exec(document)!;
  const heading = coverageTable([]).split("\n");
  const lines = published!.split("\n");
  assert.deepEqual(lines.slice(0, heading.length), heading);
  const remarks = new Map((await coverageCases()).map(({ name, size, mark = "" }) => [`${name} | ${size}`, mark]));
  for (const line of lines.slice(heading.length)) {
    const [name, size, , , remark] = line.slice(2, -2).split(" | ");
    assert.equal(remark!.trim(), remarks.get(`${name} | ${size}`), line);
  }
});
