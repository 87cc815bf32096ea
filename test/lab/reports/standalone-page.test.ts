/** lab/reports/standalone-page.ts: one file, which allows nothing but what it carries. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Script } from "node:vm";
import { notes, verdict } from "../../../page/components.ts";
import { pageText, resources, writePage, type Page } from "../../../lab/reports/standalone-page.ts";

const page: Page = {
  kind: "a test",
  title: "Is <it> safe?",
  lead: verdict("Per server-day, yes."),
  sections: [{ id: "more", heading: "More", body: notes(["A server-day again."]) }],
  footer: "Made for a test.",
};

test("the content policy allows exactly what the page holds, by its hash", async () => {
  const html = pageText(page, await resources());
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
  const hashes = (pattern: RegExp) =>
    [...html.matchAll(pattern)].map(([, text]) => {
      return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    });
  const scripts = hashes(/<script(?: type="module")?>([\s\S]*?)<\/script>/g);
  const [style] = hashes(/<style>([\s\S]*?)<\/style>/g);
  assert.equal(scripts.length, 3);
  assert.equal(
    policy,
    `default-src 'none'; script-src ${scripts.join(" ")}; style-src ${style}; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(html.replaceAll(/<script[^>]*>[\s\S]*?<\/script>/g, ""), /\s(src|style|on\w+)=/);
});

test("the page's modules are one valid script, each module after those that it needs", async () => {
  const [, , own = ""] = (await resources()).scripts;
  // Two modules that declare the same name at the top level would be a syntax error.
  assert.doesNotThrow(() => new Script(own));
  assert.doesNotMatch(own, /^(import|export) /m);
  const after = [
    "const SERIES_MAX",
    "function drawCurves",
    "function drawPanel",
    "class Figure",
    "function makeInteractive",
  ];
  const positions = after.map((text) => own.indexOf(text));
  assert.deepEqual(
    positions,
    [...positions].sort((a, b) => a - b),
  );
  assert.ok(positions.every((position) => position >= 0));
});

test("the title is plain text, the parts are in order, and a term is explained once", async () => {
  const html = pageText(page, { style: "", scripts: [""] });
  assert.match(html, /<title>Is &lt;it&gt; safe\?<\/title>/);
  assert.match(html, /<h1>Is &lt;it&gt; safe\?<\/h1>[\s\S]*class="verdict"[\s\S]*<nav[\s\S]*id="more"[\s\S]*<footer>/);
  assert.equal(html.split('class="term"').length - 1, 1);
});

test("a page is written whole or reported as not written", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-page-"));
  try {
    await writePage(join(folder, "a.html"), page);
    assert.equal(await readFile(join(folder, "a.html"), "utf8"), pageText(page, await resources()));
    await assert.rejects(writePage(join(folder, "none", "a.html"), page), /a\.html cannot be written: its folder/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
