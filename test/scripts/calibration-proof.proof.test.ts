/**
 * scripts/calibration-proof.ts with ten worlds: logged with noise, a restart and a gap, imported and calibrated, 90 %
 * intervals hold the truth about nine times in ten. Of 50 intervals, 45 are expected; fewer than 36 would be chance
 * once in a thousand times, though those of one world are not independent.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { proofTable, proved, type Proved } from "../../scripts/calibration-proof.ts";

test("ten known worlds are recovered", async () => {
  const rows: Proved[] = [];
  for (let world = 0; world < 10; world++) rows.push(await proved(world, 500));
  const held = rows.flatMap(({ holds }) => holds).filter(Boolean).length;
  assert.ok(held >= 36, `${held} of ${10 * 5}\n${proofTable(rows)}`);
  assert.ok(rows.every(({ ranks }) => ranks.every((rank) => rank >= 0 && rank <= 1 + 1e-9)));
});
