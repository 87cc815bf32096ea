/** lab/canonical-json.ts: one text of equal values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "../../lab/canonical-json.ts";

test("canonical JSON sorts keys and nothing else", () => {
  assert.equal(
    canonicalJson({ b: [2, 1, { d: null, c: "x" }], a: true, none: undefined }),
    '{"a":true,"b":[2,1,{"c":"x","d":null}]}',
  );
});
