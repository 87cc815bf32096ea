/** page/html.ts: text is escaped once, HTML never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { html } from "../../page/html.ts";

test("text is escaped, and HTML is not escaped twice", () => {
  const inner = html`<b title="${'"'}">${"a < b & c"}</b>`;
  assert.equal(inner.text, '<b title="&quot;">a &lt; b &amp; c</b>');
  assert.equal(html`<p>${inner}</p>`.text, `<p>${inner.text}</p>`);
});

test("lists are joined, numbers are printed, and undefined prints nothing", () => {
  assert.equal(html`${[1, "<", html`<br>`]}|${undefined}|${0}`.text, "1\n&lt;\n<br>||0");
});
