/** lab/reports/terms.ts: a term is explained where it first appears, and only there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TermMarker, termsOf } from "../../../lab/reports/terms.ts";

const terms = termsOf({ terms: { "print processor": 'Converts "data" & more.', processor: "A chip." } });

test("the first appearance is marked, in any case and number, and no later one", () => {
  const marker = new TermMarker(terms);
  const first = marker.mark("Print processors and a print processor");
  assert.match(first, /^<span class="term" tabindex="0" [^>]*>Print processors<\/span> and a print processor$/);
  assert.equal(marker.mark("one more print processor"), "one more print processor");
});

test("the longest term wins, and no term is found inside a word", () => {
  const marker = new TermMarker(terms);
  assert.match(marker.mark("a print processor"), />print processor<\/span>$/);
  assert.match(marker.mark("a processor"), />processor<\/span>$/);
  assert.equal(marker.mark("coprocessor, processors1"), "coprocessor, processors1");
});

test("a meaning is safe inside an attribute", () => {
  const html = new TermMarker(terms).mark("print processor");
  assert.match(html, /data-meaning="Converts &quot;data&quot; &amp; more\."/);
});

test("terms of statistics are explained for every model", () => {
  assert.match(new TermMarker(termsOf({})).mark("10 server-days"), /data-meaning="One server for one day\./);
});
