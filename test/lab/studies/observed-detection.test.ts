/** lab/studies/observed-detection.ts: what detectors say of an import, of one process of each server. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { readImport } from "../../../lab/imports/import-record.ts";
import { alarmsOf } from "../../../lab/studies/observed-detection.ts";
import { inFolder } from "../../support/imported-logs.ts";

/** An hourly log of handles over so many days. */
function csv(days: number, at: (hour: number) => number | undefined): string {
  const lines = Array.from({ length: 24 * days }, (_, hour) => {
    const value = at(hour);
    return value === undefined ? "" : `${1709510400 + 3600 * hour},PRN1,${value}\n`;
  });
  return `time,server,handles\n${lines.join("")}`;
}

async function alarms(text: string, everyMinutes = 180): Promise<Map<string, boolean | undefined>> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "a.csv"), text);
    await importFiles([join(folder, "a.csv")], join(folder, "out"), { model: "print-servers" });
    const options = { everyMinutes: [everyMinutes], gauges: [], level: 0.05 };
    const found = await alarmsOf(await readImport(join(folder, "out")), options);
    return new Map(found.map((one) => [one.detector.name, one.alarms]));
  });
}

const load = (hour: number) => (hour % 24 >= 8 && hour % 24 < 18 ? 20 + ((hour * 37) % 11) : 0);

test("a leak beneath a load is found, and a load alone does not raise the lowest reading of the day", async () => {
  assert.equal((await alarms(csv(21, (hour) => 500 + load(hour) + Math.floor(hour / 12)))).get("day-minima"), true);
  const sound = await alarms(csv(21, (hour) => 500 + load(hour)));
  assert.equal(sound.get("day-minima"), false);
  assert.ok(!sound.has("less-twin"), "a detector that needs another server is not tried");
});

test("a leak before the last restart is no evidence afterwards", async () => {
  const text = csv(24, (hour) => 500 + (hour < 12 * 24 + 3 ? Math.floor(hour / 3) : 0));
  assert.equal((await alarms(text)).get("day-minima"), false);
});

test("after a restart yesterday, the process before it is judged", async () => {
  const text = csv(24, (hour) => 500 + (hour < 23 * 24 + 3 ? Math.floor(hour / 3) : 0));
  assert.equal((await alarms(text)).get("day-minima"), true);
});

test("missing readings are left out, or the detector is not run", async () => {
  const text = csv(21, (hour) => (hour > 100 && hour < 130 ? undefined : 500 + load(hour) + Math.floor(hour / 12)));
  const found = await alarms(text);
  assert.equal(found.get("day-minima"), true);
  assert.equal(found.get("hamed-rao"), undefined);
  assert.ok(found.has("hamed-rao"));
});
