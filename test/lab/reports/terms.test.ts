/** lab/reports/terms.ts: a term is explained where it first appears, and only there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markTerms, termsOf } from "../../../lab/reports/terms.ts";

const terms = termsOf({ terms: { "print processor": 'Converts "data" & more.', processor: "A chip." } });

test("the first appearance of a term is marked, in any case and number, and no later one", () => {
  const marked = markTerms("<p>Print processors and a print processor</p><p>one more print processor</p>", terms);
  assert.match(
    marked,
    /^<p><span class="term" [^>]*>Print processors<\/span> and a print processor<\/p><p>one more print processor<\/p>$/,
  );
});

test("the longest term wins, and no term is found inside a word", () => {
  assert.match(markTerms("a print processor", terms), />print processor<\/span>$/);
  assert.match(markTerms("a processor", terms), />processor<\/span>$/);
  assert.equal(markTerms("coprocessor, processors1, co-processor", terms), "coprocessor, processors1, co-processor");
});

test("buttons, code and attributes stay as they are", () => {
  const pieces = [
    '<a href="#x">a processor</a>',
    "<summary>processor <b>processor</b></summary>",
    '<script type="application/json">{"processor": "<p>processor"}</script>',
    '<p title="processor">',
  ];
  for (const piece of pieces) assert.equal(markTerms(piece, terms), piece);
  assert.match(markTerms(`${pieces.join("")}processor`, terms), />processor<\/span>$/);
});

test("a meaning is escaped inside an attribute", () => {
  assert.match(markTerms("print processor", terms), /data-meaning="Converts &quot;data&quot; &amp; more\."/);
});

test("a term with an article links to it", () => {
  const linked = termsOf({ terms: { spooler: { meaning: "It spools.", href: "https://example.org/?a&b" } } });
  assert.match(
    markTerms("the spooler", linked),
    /^the <a class="term" href="https:\/\/example\.org\/\?a&amp;b" rel="noreferrer" [^>]*data-meaning="It spools\.">spooler<\/a>$/,
  );
});

test("statistical terms are explained for every model", () => {
  assert.match(markTerms("10 server-days", termsOf({})), /data-meaning="One server for one day\./);
});
