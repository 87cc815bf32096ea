/** lab/imports/sorted-rows.ts: what goes in comes out in order, however much it is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SortedRows } from "../../../lab/imports/sorted-rows.ts";
import { random } from "../../cases/damage.ts";
import { inFolder } from "../../support/imported-logs.ts";

for (const count of [0, 1, 1000, 300_000]) {
  test(`${count} rows are read back in order, twice and complete, and no file remains`, async () => {
    await inFolder(async (folder) => {
      const next = random(7);
      const rows = new SortedRows(5, join(folder, "rows"));
      for (let i = 0; i < count; i++) {
        const [server, time] = [Math.floor(next() * 7), Math.floor(next() * 1e6)];
        rows.add([server, time, i, server * 1e7 + time + i / 1e6, i % 2 === 0 ? NaN : 1]);
      }
      assert.equal(rows.count, count);
      for (let pass = 0; pass < 2; pass++) {
        let seen = 0;
        const last = [-1, -1, -1];
        for (const [server, time, order, sum, odd] of rows.rows() as Iterable<unknown> as Iterable<number[]>) {
          const isAfter = server! - last[0]! || time! - last[1]! || order! - last[2]!;
          assert.ok(isAfter > 0);
          assert.equal(sum, server! * 1e7 + time! + order! / 1e6);
          assert.equal(Number.isNaN(odd), order! % 2 === 0);
          [last[0], last[1], last[2]] = [server!, time!, order!];
          seen++;
        }
        assert.equal(seen, count);
      }
      rows.close();
      assert.ok(!existsSync(join(folder, "rows")));
    });
  });
}

test("a file that cannot become so large is named", () => {
  const program = `
    import { SortedRows } from ${JSON.stringify(new URL("../../../lab/imports/sorted-rows.js", import.meta.url).href)};
    const rows = new SortedRows(3, process.argv[1]);
    try {
      for (let i = 0; i < 200_000; i++) rows.add([i, i, i]);
    } catch (error) {
      console.log(error.message);
    } finally {
      rows.close();
    }`;
  const path = join(tmpdir(), `spoolsim-rows-${process.pid}`);
  const node = [process.execPath, "--input-type=module", "-e", program, path];
  const { stdout } = spawnSync("sh", ["-c", 'ulimit -f 8; exec "$@"', "sh", ...node], { encoding: "utf8" });
  assert.equal(stdout, `${path} cannot be written: a file may not become that large here\n`);
});
