/** page/behaviour.ts in a real browser: terms are explained, contents follow, and tables are sorted. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { notes, table, verdict } from "../../page/components.ts";
import { writePage } from "../../lab/reports/standalone-page.ts";
import { inBrowser, launch, needsChromium, withPage } from "./browser.ts";

let browser: Browser;
let folder = "";
let file = "";

const leaks = {
  head: ["site", "resource", "rate", "felt after"],
  texts: 2,
  rows: [
    ["office", "handles", "12", "> 28 d"],
    ["", "pool [MB]", "0.5", "3 d (2 .. 4)"],
    ["mainframe", "handles", "-90", ""],
    ["", "pool [kB]", "600", "28 d"],
  ],
  legend: [],
};

/** Too many rows for cards. */
const perServer = {
  head: ["server", "private bytes", "paged pool bytes"],
  texts: 1,
  rows: Array.from({ length: 13 }, (_, server) => [`printserver${server}`, String(1e6 + server), String(2e6 - server)]),
  legend: [],
};

before(async () => {
  if (needsChromium !== "") return;
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "spoolsim-page-"));
  file = join(folder, "page.html");
  const filler = Array.from({ length: 60 }, () => "More.");
  await writePage(file, {
    kind: "a test",
    title: "Does it leak?",
    lead: verdict("A print processor leaks."),
    sections: [
      { id: "leaks", heading: "What leaks", body: [table(leaks, "What leaks"), notes(filler)] },
      { id: "rates", heading: "Leak rates", body: [table(perServer, "By server"), notes(filler)] },
    ],
    footer: "Made for a test.",
    model: { terms: { "print processor": "The part of the spooler that converts." } },
  });
});

after(async () => {
  await browser?.close();
  if (folder !== "") await rm(folder, { recursive: true });
});

inBrowser("a term says what it means when it has the focus, and the contents follow the reader", async () => {
  await withPage(browser, file, {}, async (page) => {
    const term = page.locator(".term", { hasText: "print processor" }).first();
    const meaning = page.locator(".meaning");
    assert.equal(await meaning.isVisible(), false);
    await term.focus();
    assert.match(await meaning.innerText(), /^The part of the spooler/);
    await page.keyboard.press("Escape");
    assert.equal(await meaning.isVisible(), false);
    await page.locator("nav.contents a", { hasText: "Leak rates" }).click();
    await page.waitForFunction("document.querySelector('nav.contents a[aria-current]')?.hash === '#rates'");
  });
});

inBrowser(
  "a press on the head of a column sorts the rows, in their units, and another one turns them round",
  async () => {
    await withPage(browser, file, {}, async (page) => {
      const sorted = async (name: string) => {
        await page.getByRole("button", { name: `Sort by ${name}` }).click();
        const rows = await page.locator("#leaks tbody tr").all();
        return Promise.all(rows.map(async (row) => (await row.locator("th, td").allInnerTexts()).join("|")));
      };
      const office = ["office|handles|12|> 28 d", "office|pool [MB]|0.5|3 d (2 .. 4)"];
      const mainframe = ["mainframe|handles|-90|", "mainframe|pool [kB]|600|28 d"];
      assert.deepEqual(await sorted("rate"), [mainframe[0], office[0], office[1], mainframe[1]]);
      assert.deepEqual(await sorted("rate"), [mainframe[1], office[1], office[0], mainframe[0]]);
      assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
      assert.deepEqual(await sorted("site"), [mainframe[1], mainframe[0], office[1], office[0]]);
      const felt = await sorted("felt after");
      assert.deepEqual(felt, [office[1], mainframe[1], office[0], mainframe[0]], "what is not known comes last");
    });
  },
);

inBrowser(
  "on a phone short tables are cards, and long ones scroll within their frame, as a shadow says; print cuts no row",
  async () => {
    await withPage(browser, file, { width: 200 }, async (page) => {
      const widths = (section: string) =>
        page.locator(`#${section} .scrolls`).evaluate((frame) => [frame.scrollWidth, frame.clientWidth] as const);
      const [cards, narrow] = await widths("leaks");
      assert.equal(cards, narrow);
      assert.equal(await page.locator("#leaks td[data-label=rate]").first().innerText(), "12");
      const [wide, frame] = await widths("rates");
      assert.ok(wide > frame);
      assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= 200);
      assert.match(
        await page.evaluate<string>("getComputedStyle(document.querySelector('.scrolls')).backgroundImage"),
        /gradient/,
      );
      await page.emulateMedia({ media: "print" });
      const breaks = await page.evaluate<string>("getComputedStyle(document.querySelector('tbody tr')).breakInside");
      assert.equal(breaks, "avoid");
    });
  },
);
