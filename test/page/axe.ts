/** What axe-core finds wrong with a page for those who read it with the keyboard or a screen reader. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { withPage } from "./browser.ts";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The cells of cards, which are the rows of short tables on a phone, that go beyond the edge of the window. */
async function cutCells(page: Page): Promise<string[]> {
  const texts = await page.evaluate(`[...document.querySelectorAll(".stacks td")].filter((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return getComputedStyle(cell).display === "flex" && range.getBoundingClientRect().right > innerWidth;
  }).map(({ textContent }) => textContent)`);
  return (texts as string[]).map((text) => `cut: ${text}`);
}

/** The faults in lines, each with the rule and what it is of; none is what a test wants. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(await source);
  const found = (await page.evaluate("axe.run(document, {resultTypes: ['violations']})")) as {
    readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly AxeNode[] }[];
  };
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`),
  );
}

/**
 * What axe-core finds wrong on the pages of these files, and which cells are cut: light and wide, dark and as narrow as
 * WCAG 2.1 asks for, with everything unfolded.
 */
export async function faultsOfPages(browser: Browser, files: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const file of files) {
    for (const look of [
      { scheme: "light", width: 1280 },
      { scheme: "dark", width: 320 },
    ] as const) {
      await withPage(browser, file, look, async (page) => {
        await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
        const found = [...(await axeFaults(page)), ...(await cutCells(page))];
        faults.push(...found.map((fault) => `${file}, ${look.scheme}: ${fault}`));
      });
    }
  }
  return faults;
}

interface AxeNode {
  readonly html: string;
}
