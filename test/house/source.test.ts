/** test/house/source.ts: what is code in a source, and how a fault is reported. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingIsLeftToTheEngine } from "./determinism.ts";
import { faultText, source } from "./source.ts";
import { sources } from "./rule.ts";

test("everything but code is blanked, and lines and columns stay", () => {
  const cases: readonly (readonly [text: string, code: string])[] = [
    [`a // b\nc`, `a     \nc`],
    [`a /* b\nc */ d`, `a     \n     d`],
    [`a("// b", '\\'c') // d`, `a("    ", '   ')     `],
    ['`a ${b + `c ${d}` + "e"} f ${{ g: 1 }.g} h`', '`  ${b + `  ${d}` + " "}   ${{ g: 1 }.g}  `'],
    ["`a \\` \\${b} $c` + d", "`             ` + d"],
    [`a / b / c`, `a / b / c`],
    [`f(/[/"]\\/'/g, b) / c // d`, `f(/       /g, b) / c     `],
    [`return /"/.test(a)`, `return / /.test(a)`],
    [`#!/usr/bin/env node\na`, `${" ".repeat(19)}\na`],
  ];
  for (const [text, code] of cases) assert.equal(source("a.ts", text).code, code, text);
});

test("the code of a source has the length of the text and keeps its lines", () => {
  for (const { path, text, code } of sources) {
    assert.equal(code.length, text.length, path);
    assert.equal(code.split("\n").length, text.split("\n").length, path);
    // A scanner that lost count would leave brackets open.
    for (const [open, close] of ["{}", "()", "[]"]) {
      assert.equal(code.split(open).length, code.split(close).length, `${path}: ${open}${close}`);
    }
  }
});

test("a fault is reported with its position, its kind, and what to use instead", () => {
  const [fault] = nothingIsLeftToTheEngine(source("sim/x.ts", "\nMath.random();"));
  assert.equal(faultText(fault), "sim/x.ts:2: Math.random is banned; instead: Stream.uniform of sim/streams.ts");
});
