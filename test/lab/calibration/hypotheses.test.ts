/** lab/calibration/hypotheses.ts: what is known is not estimated, and no explanation contradicts it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hypothesesOf } from "../../../lab/calibration/hypotheses.ts";
import { resolvePoints } from "../../../lab/experiment/design-point.ts";
import { itemAt } from "../../../lab/lists.ts";
import type { Settings } from "../../../models/contract/parameters.ts";

async function of(known: Settings, how: { readonly unknown?: string[]; readonly rivals?: string[] } = {}) {
  const scenario = { model: "print-servers", servers: 1, horizonDays: 1, sampleEveryHours: 1, parameters: known };
  const point = itemAt(await resolvePoints([{ index: 0, levels: {}, scenario }]), 0);
  return hypothesesOf(point, { unknown: [], rivals: [], known: Object.keys(known), ...how });
}

test("an explanation does not estimate what is known", async () => {
  const [{ unknowns } = { unknowns: [] }] = await of({ controlMsMedian: 30 }, { rivals: ["Q223863"] });
  assert.ok(unknowns.length > 0 && unknowns.every(({ name }) => name !== "controlMsMedian"));
});

test("a parameter cannot be known and unknown", async () => {
  const how = { unknown: ["pauseDeleteShare", "controlMsMedian=1..9"] };
  await assert.rejects(of({ controlMsMedian: 30 }, how), /unknown controlMsMedian: it is known, because it is set/);
});

test("an explanation that contradicts what is known is refused, and one that agrees is not", async () => {
  await assert.rejects(
    of({ spooler: "fixed" }),
    /set spooler=fixed: the explanation Q223863 sets spooler to buggy; name other explanations with rivals/,
  );
  assert.equal((await of({ spooler: "fixed" }, { rivals: ["no-leak", "Q224345"] })).length, 2);
});

test("explanations are not compared where parameters are named", async () => {
  const how = { unknown: ["controlMsMedian"], rivals: ["Q223863"] };
  await assert.rejects(of({}, how), /rivals and unknown exclude each other/);
});
