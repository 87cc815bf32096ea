/** Each helper gives the response that it says, and what is said beside it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { count, eventTime, gauge, leak, mean, total } from "../../../models/kit/measures.ts";

test("a response has a role, a unit and a column; further facts are optional", () => {
  const column = new Float64Array(2);
  assert.deepEqual(count("visits", column), { unit: "1", role: "count", meaning: "visits", column });
  assert.deepEqual(total("us", "waits", column), { unit: "us", role: "total", meaning: "waits", column });
  assert.deepEqual(gauge("B", "memory", column), { unit: "B", role: "gauge", meaning: "memory", column });
  assert.deepEqual(eventTime("it fell", column), { unit: "us", role: "eventTime", meaning: "it fell", column });
  assert.deepEqual(leak("B", "lost", column, { leakSize: 8 }), {
    unit: "B",
    role: "leak",
    meaning: "lost",
    column,
    leakSize: 8,
  });
  assert.deepEqual(mean("us", "waits", "visits", "mean wait"), {
    unit: "us",
    of: "waits",
    per: "visits",
    meaning: "mean wait",
  });
});
