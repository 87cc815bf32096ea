/** lab/calibration/posterior-page.ts: what the worlds of an explanation are worth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { oddsText, sizeText } from "../../../lab/calibration/posterior-page.ts";

test("with too few worlds for intervals, their ends are not called rough", () => {
  assert.match(sizeText(9.6), /; 90 % intervals need 40, and below 10 there are none\. A search of more worlds /);
  assert.match(sizeText(12), /; 90 % intervals need 40, so their ends are rough\. A search of more worlds /);
  assert.match(sizeText(40), /, enough for 90 % intervals\.$/);
});

test("an explanation that no world supports may still be probable if few worlds are compared", () => {
  assert.match(
    oddsText({ comparedSize: 15.7 }),
    /worth 15\.7 of equal weight \(effective sample size\), so an explanation of 0 % may still have up to 17 %/,
  );
  // The rule of three: some 3 / n.
  assert.match(oddsText({ comparedSize: 300 }), /up to 1 %/);
});
