/** Logs that something happened to: 30 ways for each format, none of which is guessed at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mutilated, wholeLogs } from "../../cases/mutilated-logs.ts";
import { imported } from "../../support/imported-logs.ts";

for (const format of Object.keys(wholeLogs)) {
  test(`30 mutilations of ${format} each end in one line, or are counted and named`, () => mutilated(format, 30));
}

test("a slash is part of a name, broken JSON is reported with its position, and blank cells are counted and named", async () => {
  const text = "time,server,handles\n2024-03-04 00:00:00,ns/pod,700\n2024-03-04 01:00:00,ns/pod,\n";
  const { result, faults } = await imported({ "log.csv": text });
  assert.deepEqual([result.servers[0]!.server, faults.length, result.blanks.count], ["ns/pod", 0, 1]);
  assert.match(result.blanks.first!.place, /log\.csv:3$/);
  const broken = '{"status":"success",\n"data":{"resultType":"matrix",,"result":[]}}';
  await assert.rejects(imported({ "a.json": broken }), /a\.json:2:31 is broken JSON$/);
  const cut = '{"data":{"resultType":"matrix","result":[{"metric":{"__name__":"windows_process_handles"}, "values":';
  await assert.rejects(imported({ "a.json": cut }), /a\.json:1 is broken JSON: it ends in the middle of a series/);
});

test("a damaged name makes no server; its line is counted and reported", async () => {
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
