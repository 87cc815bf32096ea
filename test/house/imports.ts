/** Rules of the house about imports: who must not know what, and where each package comes in. */
import { type Ban, type Fault, isIn, matches, type Source } from "./source.ts";

export function importsDoNotCircle(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const done = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string, above: readonly string[]) => {
    for (const { file, line } of byPath.get(path)?.imports ?? []) {
      if (file === undefined || done.has(file)) continue;
      const begin = above.indexOf(file);
      if (begin === -1) visit(file, [...above, file]);
      else {
        const circle = [...above.slice(begin), file].join(" -> ");
        faults.push({ path, line, what: `closes the circle ${circle}`, instead: "a third file for what both need" });
      }
    }
    done.add(path);
  };
  for (const { path } of sources) if (!done.has(path)) visit(path, [path]);
  return faults;
}

/** It sets zod up, and hands it on as a namespace, of which a bundle holds what is used. */
const ZOD = "lab/zod.ts";

export function barrelsAreForOthers({ path, imports }: Source): Fault[] {
  if (isIn(path, "exports") || path === ZOD) return [];
  const instead = "import from where it lives";
  const faults = imports
    .filter(({ reexport }) => reexport)
    .map(({ line, specifier }) => ({ path, line, what: `hands on "${specifier}"`, instead }));
  if (path.endsWith("/index.ts")) faults.push({ path, line: 1, what: "is a barrel", instead });
  return faults;
}

/** What the reference may run: it must not share a bug with the kernel, but for what has a proof of its own. */
const REFERENCE = "models/print-servers/reference/";
const REFERENCE_MAY_RUN = [
  "sim/math.ts",
  "models/print-servers/sites.ts",
  "models/print-servers/script.ts",
  "models/print-servers/patching/patch-state.ts",
];

export function referenceSharesNothing(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string) => {
    seen.add(path);
    for (const { file, line, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (file === undefined || typeOnly || seen.has(file)) continue;
      if (file.startsWith(REFERENCE) || REFERENCE_MAY_RUN.includes(file)) visit(file);
      else faults.push({ path, line, what: `runs ${file}`, instead: "say it again, or `import type`" });
    }
  };
  visit(`${REFERENCE}reference.ts`);
  return faults;
}

/** What a browser runs: these, and all that they import. */
const BROWSERS_RUN = ["exports/browser.ts", "live/page.ts", "live/worker.ts"];

const NODE: Ban = {
  pattern: /\b(process\s*\.|Buffer|setImmediate|__dirname|NodeJS)\b/g,
  instead: "#platform, or a file that only Node loads",
};

/** Nothing that a browser runs may import what only Node has; its platform is lab/platform/browser.ts. */
export function browsersGetNoNode(sources: readonly Source[]): Fault[] {
  const byPath = new Map(sources.map((one) => [one.path, one]));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string) => {
    seen.add(path);
    const file = byPath.get(path);
    if (file === undefined) return;
    faults.push(...matches(file, NODE.pattern, ([token]) => `${token} is Node's`, NODE.instead));
    for (const { file: own, specifier, package: name, line, typeOnly } of file.imports) {
      if (typeOnly) continue;
      const what = `imports ${specifier}, which a browser does not have`;
      if (name?.startsWith("node:")) faults.push({ path, line, what, instead: NODE.instead });
      const next = specifier === "#platform" ? "lab/platform/browser.ts" : own;
      if (next !== undefined && !seen.has(next)) visit(next);
    }
  };
  for (const path of BROWSERS_RUN) visit(path);
  return faults;
}

const SPOOLERS = [
  "models/print-servers/spoolers/spooler.ts",
  "models/print-servers/spoolers/buggy.ts",
  "models/print-servers/spoolers/fixed.ts",
  "models/print-servers/spoolers/sticky-guard.ts",
];

export function spoolersCannotDraw({ path, imports }: Source): Fault[] {
  if (!SPOOLERS.includes(path)) return [];
  return imports
    .filter(({ file }) => file === undefined || !SPOOLERS.includes(file))
    .map(({ line, specifier }) => ({ path, line, what: `imports ${specifier}`, instead: "the verbs of spooler.ts" }));
}

/** Where each package may be imported: files, or rooms with a slash. Tests may import any. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  seedrandom: ["sim/streams.ts", "models/print-servers/reference/draws.ts"],
  immer: ["lab/experiment/override.ts", "models/print-servers/reference/"],
  yargs: ["cli/", "bench/main.ts"],
  "cli-progress": ["cli/"],
  "csv-parse": ["lab/imports/csv-records.ts"],
  "cli-table3": ["cli/"],
  "hyparquet-writer": ["lab/results/parquet.ts"],
  piscina: ["lab/execution/thread-runner.ts", "lab/execution/worker.ts"],
  "pg-boss": ["lab/execution/run-queue.ts"],
  pg: ["lab/execution/run-queue.ts", "lab/execution/postgres-connection.ts"],
  yaml: ["lab/", "cli/clusters/kubernetes.ts"],
  zod: ["lab/zod.ts", "lab/read-json.ts"],
  "@observablehq/plot": ["page/plotting.ts", "page/heat-panel.ts", "live/page.ts", "lab/reports/chart-files.ts"],
  linkedom: ["lab/reports/chart-files.ts"],
  benchmark: ["bench/harness.ts"],
  esbuild: ["scripts/site.ts"],
  "puppeteer-core": ["scripts/pictures.ts"],
  spoolsim: ["examples/"],
};

export function isThrough(door: string, path: string): boolean {
  return door.endsWith("/") ? path.startsWith(door) : path === door;
}

export function packagesHaveOneDoor({ path, imports }: Source): Fault[] {
  if (isIn(path, "test")) return [];
  return imports.flatMap(({ line, package: name }) => {
    if (name === undefined) return [];
    if (name.startsWith("node:")) {
      return [];
    }
    const doors = DOORS[name] ?? [];
    if (doors.some((door) => isThrough(door, path))) return [];
    const instead = doors.length > 0 ? doors.join(" or ") : "what is there already";
    return [{ path, line, what: `imports ${name}`, instead }];
  });
}
