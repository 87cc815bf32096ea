/** lab/calibration/posterior-page.ts: what the worlds of an explanation are worth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeText } from "../../../lab/calibration/posterior-page.ts";

test("with too few worlds for intervals, their ends are not called rough", () => {
  assert.match(sizeText(9.6), /; 90 % intervals need 40, and below 10 there are none\. A search of more worlds /);
  assert.match(sizeText(12), /; 90 % intervals need 40, so their ends are rough\. A search of more worlds /);
  assert.match(sizeText(40), /, enough for 90 % intervals\.$/);
});
