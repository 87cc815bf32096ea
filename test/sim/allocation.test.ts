/** What an event allocates, once V8 has compiled the loop: nothing. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../cases/allocation.js", import.meta.url));

/** V8 compiles on its main thread, so that what it compiles does not depend on how busy the machine is. */
const flags = ["--no-concurrent-recompilation"];

function bytesPerEvent(name: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, script, name], {
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.equal(stderr, "");
  return Number(stdout);
}

// The smallest thing that V8 can allocate, a boxed number, has 12 to 16 bytes; looking at the heap costs a thousand
// bytes a window of 10,000 events or more.
for (const name of [
  "lanes",
  "heap",
  "calendar",
  "guard fleet",
  "mm1",
  "mmc",
  "guard-window",
  "clinic",
  "exhaustion",
  "rejuvenation",
  "periodic-rejuvenation",
]) {
  test(`an event allocates nothing: ${name}`, () => {
    const bytes = bytesPerEvent(name);
    assert.ok(bytes < 0.2, `${bytes} bytes an event`);
  });
}

test("an event of the print servers allocates less than a boxed number, whatever V8 inlines", () => {
  const bytes = bytesPerEvent("print servers");
  assert.ok(bytes < 12, `${bytes} bytes an event`);
});

test("an event list that allocates an object per event is detected", () => {
  const bytes = bytesPerEvent("sorted list");
  assert.ok(bytes > 32, `${bytes} bytes an event`);
});
