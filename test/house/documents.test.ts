/** Rules of the house: dependencies, links, and the files that documents name. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dependenciesAreDecisions, linksLeadSomewhere, lockNamesNoRegistry, versionsArePinned } from "./documents.ts";
import { assertNone, paths, read, root } from "./rule.ts";

test("every dependency has one exact version", () => {
  assertNone(versionsArePinned("package.json", read("package.json")));
  const [dependencies, devDependencies] = [
    { a: "1.2.3", b: "^1.2.3" },
    { c: "latest", d: "npm:a@1.2.3", e: "npm:a@1" },
  ];
  const wrong = JSON.stringify({ dependencies, devDependencies }, null, 2);
  assert.deepEqual(
    versionsArePinned("package.json", wrong).map(({ line, what }) => `${line}: ${what}`),
    [`4: b is "^1.2.3"`, `7: c is "latest"`, `9: e is "npm:a@1"`],
  );
});

test("the lock file names no registry", () => {
  assertNone(lockNamesNoRegistry("package-lock.json", read("package-lock.json")));
  const a = { version: "1.0.0", resolved: "https://example.org/a.tgz" };
  const wrong = JSON.stringify({ "node_modules/a": a }, null, 2);
  assert.deepEqual(
    lockNamesNoRegistry("package-lock.json", wrong).map(({ line }) => line),
    [4],
  );
});

test("every dependency has a decision", () => {
  const decisions = existsSync(`${root}docs/decisions.md`) ? read("docs/decisions.md") : "";
  assertNone(dependenciesAreDecisions("package.json", read("package.json"), decisions));
  const some = JSON.stringify({ dependencies: { yaml: "1.0.0", zod: "1.0.0", "@types/yaml": "1.0.0" } }, null, 2);
  const faults = dependenciesAreDecisions("package.json", some, "We read `yaml`, and not with zodiac or my-zod.");
  assert.deepEqual(
    faults.map(({ line, what }) => `${line}: ${what}`),
    ["4: zod is no decision"],
  );
});

test("every link of the documents has a target", () => {
  const documents = paths.filter((path) => path === "README.md" || /^docs\/.*\.md$/.test(path));
  const exists = (path: string) => existsSync(join(root, path));
  assertNone(documents.flatMap((path) => linksLeadSomewhere(path, read(path), exists)));
  const wrong = [
    "[right](../README.md#top), [a page](https://example.org), [here](#here), [wrong](wrong.md)",
    "```",
    "[code](nowhere.md)",
    "```",
    '`[code](nowhere.md)` ![picture](picture.svg "title")',
    "[later]: ./later.md",
  ].join("\n");
  const faults = linksLeadSomewhere("docs/a.md", wrong, (path) => path === "README.md");
  assert.deepEqual(
    faults.map(({ line, what }) => `${line}: ${what}`),
    ["1: links to wrong.md", "5: links to picture.svg", "6: links to ./later.md"],
  );
});

test("every file that the table of tasks in architecture.md begins with exists", () => {
  const [, table] = /\n\| task \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(read("docs/architecture.md"))!;
  assert.deepEqual(missingFiles(table), []);
  assert.deepEqual(missingFiles("| a thing like `sim/gone.ts` | `print-servers/kernel.ts`, `gone.ts` | `c.ts` |\n"), [
    "sim/gone.ts",
    "gone.ts",
  ]);
});

/** The files and folders in the first two columns that do not exist; `print-servers/` is below models/. */
function missingFiles(table: string): string[] {
  return table.split("\n").flatMap((row) => {
    const [task = "", first = ""] = row.split("|").slice(1);
    // Another test follows the links.
    const text = `${task} ${first}`.replaceAll(/\[[^\]]*\]\([^)]*\)/g, "");
    const named = [...text.matchAll(/[\w./-]+(?:\.(?:ts|mjs|md|yaml)\b|\/(?![\w./-]))/g)].map(([file]) => file);
    let folder = "";
    return named.filter((file) => {
      if (file.startsWith("./") || file.startsWith("../")) return false;
      const path = file.startsWith("print-servers/") ? `models/${file}` : file;
      if (path.includes("/")) folder = path.slice(0, path.lastIndexOf("/") + 1);
      // A second file of the same folder is named alone.
      return !existsSync(root + path) && !existsSync(root + folder + path);
    });
  });
}
