/** What axe-core finds wrong with a page for those who read it with the keyboard or a screen reader. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { withPage } from "./browser.ts";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
 * What axe-core finds wrong with the pages of these files, light and wide, dark and narrow, with everything unfolded.
 */
export async function faultsOfPages(browser: Browser, files: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const file of files) {
    for (const look of [
      { scheme: "light", width: 1280 },
      { scheme: "dark", width: 390 },
    ] as const) {
      await withPage(browser, file, look, async (page) => {
        await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
        faults.push(...(await axeFaults(page)).map((fault) => `${file}, ${look.scheme}: ${fault}`));
      });
    }
  }
  return faults;
}

interface AxeNode {
  readonly html: string;
}
