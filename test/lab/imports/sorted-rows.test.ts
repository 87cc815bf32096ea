/** lab/imports/sorted-rows.ts: what goes in comes out in order, however much it is. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
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
