/** What axe-core finds wrong with a page for those who read it with the keyboard or a screen reader. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

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

interface AxeNode {
  readonly html: string;
}
