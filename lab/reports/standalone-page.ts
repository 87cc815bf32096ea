/**
 * A page in a single file: it opens from a disk without a network, under a policy that allows only its own scripts and
 * style, by their hashes. Its bytes depend only on its content and on this program.
 *
 * Terms that a reader may not know are explained where they first appear. Charts are drawn when the page is opened, by
 * the same functions that draw chart files (page/drawing.ts).
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { contents, sections, type Section } from "../../page/components.ts";
import { Html, html, type Content } from "../../page/html.ts";
import type { Model } from "../../models/model.ts";
import { programFolder } from "../program.ts";
import { programVersion } from "../program.ts";
import { unwritable, writeWhole } from "../whole-file.ts";
import { markTerms, termsOf } from "./terms.ts";

/** The contents of a page, from the top. */
export interface Page {
  /** The kind of page, in a few words: "spoolsim, experiment q223863". */
  readonly kind: string;
  /** The question that it answers. */
  readonly title: string;
  /** The answer, and the main picture. */
  readonly lead: Content;
  readonly sections: readonly Section[];
  /** The origin of its numbers. */
  readonly footer: string;
  /** The page is to be printed on one sheet: folded details are left out, and everything is small. */
  readonly isSheet?: true;
  /** Data about the page, for its head: a meta element. */
  readonly mark?: Html;
  /** The model whose terms are explained, besides those of statistics. */
  readonly model?: Pick<Model, "terms">;
}

/** Writes the page as a file. @throws UserError when it cannot be written */
export async function writePage(file: string, page: Page): Promise<void> {
  await writeWhole(file, pageText(page, await resources())).catch(unwritable(file));
}

/** The resources embedded in a page. */
export interface Resources {
  readonly style: string;
  /** In execution order; the last is a module. */
  readonly scripts: readonly string[];
}

/** The page as the text of its file. */
export function pageText(page: Page, { style, scripts }: Resources): string {
  const hashes = (texts: readonly string[]) => texts.map((text) => `'sha256-${sha256(text)}'`).join(" ");
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes([style])}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const body = html`<header>
<p class="kind">${page.kind}</p>
<h1>${page.title}</h1>
</header>
<main>
<div class="lead">
${page.lead}
</div>
${contents(page.sections)}
${sections(page.sections)}
</main>
<footer>${page.footer}</footer>`;
  const scriptTags = scripts.map((text, i) => {
    return `<script${i === scripts.length - 1 ? ' type="module"' : ""}>${text}</script>`;
  });
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="spoolsim ${programVersion}">
${page.mark}<title>${page.title}</title>
<style>${new Html(style)}</style>
</head>`;
  return `${head.text}
<body${page.isSheet === true ? ' class="sheet"' : ""}>
${markTerms(body.text, termsOf(page.model ?? {}))}
${scriptTags.join("\n")}
</body>
</html>
`;
}

/** The browser bundles of d3 and Plot, then the page's own modules as one script. */
export async function resources(): Promise<Resources> {
  const plot = createRequire(import.meta.url).resolve("@observablehq/plot");
  const d3 = createRequire(plot).resolve("d3");
  const text = (path: string) => readFile(path, "utf8");
  return {
    style: await text(join(programFolder, "page", "page.css")),
    scripts: [
      await text(join(packageFolder(d3, "d3"), "dist", "d3.min.js")),
      await text(join(packageFolder(plot, "plot"), "dist", "plot.umd.min.js")),
      await ownScript(),
    ],
  };
}

/** The page's own modules, each after those that it imports, joined to one script, which can import nothing. */
async function ownScript(): Promise<string> {
  const modules = new Map<string, string>();
  const add = async (name: string): Promise<void> => {
    if (modules.has(name)) return;
    const module = await readFile(fileURLToPath(new URL(`../../page/${name}`, import.meta.url)), "utf8");
    for (const [, imported] of module.matchAll(/^import [^;]* from "\.\/([^"]*)";$/gm)) await add(imported!);
    modules.set(name, module);
  };
  await add("page.js");
  return [...modules.values()]
    .join("\n")
    .replaceAll(/^import [^;]*;\n/gm, "")
    .replaceAll(/^export /gm, "");
}

/** The folder of a package, found from one of its files. */
function packageFolder(file: string, name: string): string {
  return basename(file) === name ? file : packageFolder(dirname(file), name);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
