/** lab/visible.ts: what a terminal would obey is shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inLine, shortened, visible, thrownText } from "../../lab/visible.ts";

test("control characters, format characters and lone surrogates are escaped, and everything else stays", () => {
  assert.equal(visible("\x1b]0;TITLE\x07\x1b[31mred"), "\\u001b]0;TITLE\\u0007\\u001b[31mred");
  assert.equal(visible("a\0b\rc\td\x9b\x7f"), "a\\u0000b\\u000dc\\u0009d\\u009b\\u007f");
  assert.equal(
    visible("\u202efdp\u2066\u200b\u2028\ufeff\u{e0041}"),
    "\\u202efdp\\u2066\\u200b\\u2028\\ufeff\\u{e0041}",
  );
  assert.equal(visible("\ud800"), "\\ud800");
  const plain = "Größe ± 3 µs\n│ █ ⣿ 日本 😀 │";
  assert.equal(visible(plain), plain);
});

test("a text of several lines is printed as one", () => assert.equal(inLine("a\nreplay: b\n"), "a\\nreplay: b\\n"));

test("a long text keeps its beginning and its end", () => {
  assert.equal(shortened("abcdef", 6), "abcdef");
  assert.equal(shortened("abcdefgh", 5), "abc ... 3 characters ... gh");
});

test("what foreign code throws is one line of limited length, whatever it is", () => {
  assert.equal(thrownText(new Error("a\nb")), "a\\nb");
  assert.deepEqual([thrownText("text"), thrownText(undefined)], ["text", "undefined"]);
  assert.ok(thrownText(new Error("x".repeat(1e6))).length < 1100);
});
