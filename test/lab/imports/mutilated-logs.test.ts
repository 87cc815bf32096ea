/** Logs that something happened to: 30 ways for each format, none of which is guessed at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mutilated, wholeLogs } from "../../cases/mutilated-logs.ts";
import { imported } from "../../support/imported-logs.ts";

for (const format of Object.keys(wholeLogs)) {
  test(`30 mutilations of ${format} end in one line, or are counted and named`, () => mutilated(format, 30));
}

test("a name that is damaged makes no server: its line is counted and named", async () => {
  for (const name of ["PRN1\\", "{PRN1", "PRN1:9}182", "PR\ufffdN1", "PR\u202eN1"]) {
    const text = `time,server,handles\n2024-03-04 00:00:00,PRN1,700\n2024-03-04 01:00:00,${name},701\n`;
    const { faults, result } = await imported({ "log.csv": text });
    assert.deepEqual(
      result.servers.map(({ server }) => server),
      ["PRN1"],
    );
    assert.match(faults.join("\n"), /^log\.csv:3 .*; the name of a server has no such character$/);
  }
});
