/** lab/calibration/unknowns.ts: ranges that are said, stated by the model, or taken from a value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settingOf, unknownOf } from "../../../lab/calibration/unknowns.ts";
import { resolvePoints } from "../../../lab/experiment/design-point.ts";
import { itemAt } from "../../../lab/lists.ts";

async function pointOf(parameters: Record<string, number>) {
  const scenario = { model: "print-servers", servers: 1, horizonDays: 1, sampleEveryHours: 1, parameters };
  return itemAt(await resolvePoints([{ index: 0, levels: {}, scenario }]), 0);
}

test("a range is the given one, the model's, or a tenth to ten times the value", async () => {
  const point = await pointOf({});
  assert.deepEqual(unknownOf("controlMsMedian=10..20", point).range, {
    from: 10,
    to: 20,
    scale: "linear",
    whole: false,
  });
  assert.deepEqual(unknownOf("controlMsMedian", point).range, { from: 1, to: 500, scale: "logarithmic", whole: false });
  assert.deepEqual(unknownOf("printers", point).range, { from: 4, to: 400, scale: "logarithmic", whole: true });
});

test("a parameter without a range is refused with the rule", async () => {
  const point = await pointOf({});
  assert.throws(() => unknownOf("profile", point), /unknown is profile; it is not a number/);
  assert.throws(() => unknownOf("controlMedian", point), /unknown is controlMedian; /);
  assert.throws(
    () => unknownOf("deleteShare=0..2", point),
    /unknown is deleteShare=0..2; a range such as deleteShare=0..1/,
  );
  assert.throws(
    () => unknownOf("deleteShare=0.5..0.1", point),
    /unknown is deleteShare=0\.5\.\.0\.1; a range is written as NAME=FROM\.\.TO, and FROM is below TO$/,
  );
});

test("the values of a whole-number range have equal parts of the scale", async () => {
  const unknown = unknownOf("handlesPerInstance=1..4", await pointOf({}));
  const settings = Array.from({ length: 400 }, (_, i) => settingOf(unknown, (i + 0.5) / 400));
  for (const value of [1, 2, 3, 4]) assert.equal(settings.filter((one) => one === value).length, 100);
});
