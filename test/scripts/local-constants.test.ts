/** The build makes imported numbers local: what it changes, and that it has done so. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withLocalConstants } from "../../scripts/local-constants.ts";

const KINDS = `export const LEAVE = 0;
export const NONE = -1;
export const HOUR_US = 3600e6;
export const DAY_US = 24 * HOUR_US;
export const names = ["leave"];
export function nameOf(kind) {}
`;

function localized(code: string): string {
  return withLocalConstants(code, (from) => {
    assert.equal(from, "./kinds.js");
    return KINDS;
  });
}

test("an imported number becomes local, and everything else stays imported", () => {
  assert.equal(
    localized('import { DAY_US, HOUR_US, LEAVE, nameOf, names, NONE, } from "./kinds.js";\nuse(LEAVE);\n'),
    'import { DAY_US, nameOf, names } from "./kinds.js"; const HOUR_US = 3600e6; const LEAVE = 0; const NONE = -1;\n' +
      "use(LEAVE);\n",
  );
});

test("nothing is left of an import of numbers only", () => {
  assert.equal(localized('import { LEAVE, NONE, } from "./kinds.js";\n'), "const LEAVE = 0; const NONE = -1;\n");
});

test("other imports stay as they are, and nothing is changed twice", () => {
  const code = `import * as kinds from "./kinds.js";
import { LEAVE as leave } from "./kinds.js";
import { LEAVE } from "seedrandom";
import { nameOf, } from "./kinds.js";
`;
  assert.equal(localized(code), code);
  const once = localized('import { LEAVE, nameOf } from "./kinds.js";\n');
  assert.equal(localized(once), once);
});

test("the kernel that was built imports no number", () => {
  const kernel = new URL("../../models/print-servers/kernel.js", import.meta.url);
  const code = readFileSync(kernel, "utf8");
  assert.ok(code.includes(" const SUBMIT = "));
  assert.ok(withLocalConstants(code, (from) => readFileSync(new URL(from, kernel), "utf8")) === code);
});
