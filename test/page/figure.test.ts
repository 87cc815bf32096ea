/** page/figure.ts in a real browser: the charts of a report are drawn, and answer to the pointer and the keys. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Browser, Page } from "playwright-core";
import { writeReport } from "../../lab/reports/report.ts";
import { writePage } from "../../lab/reports/standalone-page.ts";
import { pictureOf, studyPage } from "../../lab/reports/study-page.ts";
import { leaking, queues, remove, resultsOf, single } from "../support/small-results.ts";
import { faultsOfPages } from "./axe.ts";
import { inBrowser, launch, needsChromium, withFile, withPage, type Look } from "./browser.ts";

let browser: Browser;
let folders: readonly string[] = [];
let [leak, queue, one] = ["", "", ""];

before(async () => {
  if (needsChromium !== "") return;
  browser = await launch();
  folders = [await resultsOf(leaking), await resultsOf(queues), await resultsOf(single)];
  for (const folder of folders) await writeReport(folder);
  [leak, queue, one] = folders.map((folder) => join(folder, "report.html"));
});

after(async () => {
  await browser?.close();
  for (const folder of folders) await remove(folder);
});

async function opened(file: string, look: Look, body: (page: Page) => Promise<void>): Promise<void> {
  await withPage(browser, file, look, body);
}

/** What is shown when the pointer is at this share of the width and height of a panel. */
async function pointAt(page: Page, section: string, x: number, y: number, panel = 0): Promise<string> {
  const stage = page.locator(`#figure-${section} .stage`).nth(panel);
  const fold = page.locator(`details#${section}:not([open]) > summary`);
  if ((await fold.count()) > 0) await fold.click();
  await stage.scrollIntoViewIfNeeded();
  const box = (await stage.boundingBox())!;
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
  return stage.locator(".readout").innerText();
}

for (const [scheme, width] of [
  ["light", 400],
  ["dark", 1600],
] as const) {
  inBrowser(`a report opens without a fault or a request, ${scheme} and ${width} pixels wide`, async () => {
    for (const file of [leak, queue, one]) {
      await opened(file, { scheme, width }, async (page) => {
        assert.ok((await page.locator(".stage svg.chart").count()) > 0, "charts are drawn");
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert.ok(Number(overflow) <= 0, `${overflow} pixels too wide`);
        const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assert.equal(paper, scheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 23, 28)");
        assert.deepEqual(await page.evaluate(BAD_LABELS), []);
      });
    }
  });
}

/** The labels of charts that stick out of their drawing, or lie on another; in the words of the browser. */
const BAD_LABELS = `[...document.querySelectorAll("svg.chart")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll("text")];
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const isOut = (box) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  const isOver = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return labels.flatMap(({ textContent }, i) => [
    ...(isOut(boxes[i]) ? [textContent + " sticks out"] : []),
    ...labels.slice(0, i).filter((_, j) => isOver(boxes[i], boxes[j])).map((one) => [textContent, one.textContent]),
  ]);
})`;

inBrowser("a script that is not the report's does not run", async () => {
  const evil = join(leak, "..", "evil.html");
  const html = await readFile(leak, "utf8");
  await writeFile(evil, html.replace("</main>", "<script>document.title = 'evil'</script></main>"));
  await withFile(browser, evil, {}, async ({ page, faults }) => {
    assert.notEqual(await page.title(), "evil");
    assert.match(faults.join("\n"), /Content Security Policy/);
  });
});

inBrowser("the sections are those that have something to show", async () => {
  const headings = async (file: string) => {
    let found: string[] = [];
    await opened(file, {}, async (page) => void (found = await page.locator("h2").allInnerTexts()));
    return found;
  };
  assert.deepEqual(await headings(leak), [
    "One leak, step by step",
    "How soon events happen",
    "Leak rates",
    "All numbers",
    "How it was made",
    "How far to trust it",
  ]);
  assert.deepEqual(await headings(queue), ["Over time", "All numbers", "How it was made", "How far to trust it"]);
});

inBrowser("pointing at a chart tells its numbers, and the arrow keys do so too", async () => {
  await opened(leak, {}, async (page) => {
    const shown = await pointAt(page, "courses", 0.5, 0.5);
    assert.match(shown, /^Tuesday of week 1 \(after 1\.5 days\)\n/);
    assert.match(shown, /buggy: [\d.]+ printer DCs \([-\d.]+ to [\d.]+\)\n/);
    assert.match(shown, /fixed: 15 /);
    assert.match(
      await pointAt(page, "pairs", 0.5, 0.5),
      /^server \(of all replications\): 4\n.*buggy - fixed: [\d.]+ print processors\nmean: /,
    );
    assert.match(await pointAt(page, "rates", 0.5, 0.3), /^many|^few/);
    assert.match(await pointAt(page, "servers", 0.7, 0.5), /^replication:server \d:\d\n|^server \d\n/);
    await page.mouse.move(0, 0);
    const stage = page.locator("#figure-courses .stage").first();
    assert.equal(await stage.locator(".readout").isVisible(), false);
    await stage.focus();
    await page.keyboard.press("ArrowRight");
    const first = await stage.locator(".readout").innerText();
    for (let i = 0; i < 12; i++) await page.keyboard.press("Shift+ArrowRight");
    assert.match(await stage.locator(".readout").innerText(), /^Thursday of week 1 \(after 3 days\)\n/);
    assert.notEqual(first, await stage.locator(".readout").innerText());
    // An image would hide the readout from screen readers.
    assert.equal(await stage.getAttribute("role"), "group");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate("document.activeElement.className"), "stage", "the keyboard keeps its place");
  });
});

inBrowser("dragging across a chart looks closer, and a double click or the button looks at all again", async () => {
  await opened(leak, {}, async (page) => {
    const reset = page.locator("#figure-courses .reset");
    const labels = page.locator("#figure-courses .stage svg").first().locator("text");
    const ticks = async () => (await labels.allInnerTexts()).join(" ");
    const drag = async () => {
      await page.locator("#figure-courses .stage").first().scrollIntoViewIfNeeded();
      const box = (await page.locator("#figure-courses .stage").first().boundingBox())!;
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + 0.3 * box.width, y);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.6 * box.width, y, { steps: 4 });
      assert.ok(await page.locator("#figure-courses .selection").first().isVisible());
      await page.mouse.up();
    };
    const all = await ticks();
    assert.equal(await reset.isVisible(), false);
    await drag();
    assert.notEqual(await ticks(), all);
    await reset.click();
    assert.equal(await ticks(), all);
    await drag();
    await page.locator("#figure-courses .stage").first().dblclick();
    assert.equal(await ticks(), all);
    assert.equal(await reset.isVisible(), false);
  });
});

inBrowser("a series goes and comes when its name is pressed, and another chart when it is chosen", async () => {
  await opened(leak, {}, async (page) => {
    const series = page.locator("#figure-courses .legend button");
    assert.deepEqual(await series.allInnerTexts(), ["buggy", "fixed"]);
    const lines = page.locator("#figure-courses .stage").first().locator('[stroke="var(--series-0)"]');
    assert.ok((await lines.count()) > 0);
    await series.first().click();
    assert.equal(await lines.count(), 0);
    assert.equal(await series.first().getAttribute("aria-pressed"), "false");
    assert.doesNotMatch(await pointAt(page, "courses", 0.5, 0.5), /buggy/);
    await series.first().click();
    assert.ok((await lines.count()) > 0);

    const title = () => page.locator("#figure-courses .stage").first().getAttribute("aria-label");
    assert.match((await title())!, /^printer DCs, many\. .*At the end/);
    await page.locator("#figure-courses select").selectOption({ label: "private bytes leaked" });
    assert.match((await title())!, /^private bytes leaked, many\. .*At the end/);
    await page.locator("#figure-courses .numbers summary").click();
    const rows = page.locator("#figure-courses .numbers tbody tr");
    await rows.first().waitFor();
    assert.equal(await rows.count(), 4 * 7, "a row for each point: 2 panels, 2 series, 6 samples and the start");
  });
});

inBrowser("on paper it is black on white, without what only a screen can do", async () => {
  await opened(leak, { scheme: "dark" }, async (page) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert.equal(await page.locator(".numbers").first().isVisible(), false);
    const breaks = (selector: string) =>
      page.evaluate<string[]>(
        `(({ breakBefore, breakInside, breakAfter }) => [breakBefore, breakInside, breakAfter])(
          getComputedStyle(document.querySelector("${selector}")))`,
      );
    assert.equal((await breaks("section h2"))[2], "avoid", "a heading stays with what follows");
    assert.deepEqual(
      (await breaks(".figure")).slice(0, 2),
      ["avoid", "avoid"],
      "a chart stays whole, with its heading",
    );
    assert.ok(await page.locator(".controls select").first().isVisible(), "the chosen chart is named");
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  });
});

inBrowser(
  "axe-core finds nothing wrong with a report or the page of a study, light or dark, wide or narrow",
  async () => {
    const study = join(leak, "..", "study.html");
    const rows = ["a", "b", "c", "d"].map((name, i) => [name, String(i)]);
    const sums = { head: ["name", "number"], texts: 1, rows, legend: ["number: of something"] };
    const estimates = rows.map(([x = ""], i) => ({
      series: 0,
      x,
      value: i,
      lower: null,
      upper: null,
      closedForm: null,
    }));
    const chart = pictureOf("Numbers", "number", ["one"], [{ name: "", estimates }])!;
    await writePage(
      study,
      studyPage({
        kind: "a study",
        question: "Which is it?",
        answer: "It is d.",
        more: ["Not a."],
        picture: { chart, note: "Points." },
        tables: [{ title: "", table: sums }],
        legend: ["A server-day is a day."],
      }),
    );
    assert.deepEqual(await faultsOfPages(browser, [leak, study]), []);
  },
);
