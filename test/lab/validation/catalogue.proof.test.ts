/** The whole catalogue, its simulations included: what `spoolsim validate` runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../../lab/validation/catalogue.ts";
import { targetsOf, validate } from "../../../lab/validation/validate.ts";

test("every target of the validation catalogue is met", async () => {
  let count = 0;
  for await (const { target, computed, passes } of validate(
    catalogue,
    targetsOf(catalogue),
    new AbortController().signal,
  )) {
    assert.ok(passes, `${target.name} is ${computed}, ${target.source} says ${target.expected}`);
    count++;
  }
  assert.ok(count > 150);
});
