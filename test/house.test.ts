/**
 * The rules of the house, executed, in the manner of TigerBeetle's tidy.zig: a rule that is not executed is a wish, and
 * a ban names its replacement. The house keeps them, and each finds the fault that it was made for.
 *
 * A rule of test/house/ looks at one source, or at all of them, and returns faults; it reads nothing itself, so that
 * this test can show it a small wrong text. Every exception stands in a table with its reason.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nothingIsLeftToTheEngine } from "./house/determinism.ts";
import {
  dependenciesAreDecisions,
  linksLeadSomewhere,
  lockNamesNoRegistry,
  versionsArePinned,
} from "./house/documents.ts";
import { exceptionsAreNeeded } from "./house/exceptions.ts";
import {
  codeLivesInRooms,
  everyTestRuns,
  filesAreMirroredByTests,
  filesAreShort,
  filesSayWhatTheyAre,
  commentsAreNarrow,
  nothingIsLeftForLater,
  testsHaveDistinctNames,
} from "./house/files.ts";
import {
  barrelsAreForOthers,
  browsersGetNoNode,
  importsDoNotCircle,
  packagesHaveOneDoor,
  referenceSharesNothing,
  spoolersCannotDraw,
} from "./house/imports.ts";
import {
  modelsSpeakForThemselves,
  namesSaySomething,
  optionsAreOfCommands,
  wordsAreOfTheGlossary,
} from "./house/names.ts";
import { faultText, source, type Fault, type Source } from "./house/source.ts";
import { catalogue } from "../models/catalogue.ts";
import type { Model } from "../models/model.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = [
  "sim",
  "statistics",
  "models",
  "page",
  "lab",
  "live",
  "cli",
  "bench",
  "scripts",
  "test",
  "exports",
  "examples",
  "experiments",
  "docs",
  "results",
];
const topLevel = readdirSync(root, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
const inRooms = folders.filter((name) => existsSync(root + name)).flatMap(below);
const paths = [...topLevel.map(({ name }) => name), ...inRooms];
const sources = paths.filter((path) => path.endsWith(".ts")).map((path) => source(path, read(path)));

function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? below(path) : [path];
  });
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Wrong texts: path -> lines. */
type Wrong = Readonly<Record<string, string>>;

/** A rule of the house, and what it must find, as "path:line", in wrong texts; everything else in them is right. */
function rule(
  name: string,
  faultsOf: (files: readonly Source[]) => Fault[],
  wrong: Wrong,
  found: readonly string[],
): void {
  test(name, () => assertNone(faultsOf(sources)));
  test(`the house rule finds a violation: ${name}`, () => {
    const faults = faultsOf(Object.entries(wrong).map(([path, text]) => source(path, text)));
    assert.deepEqual(faults.map(({ path, line }) => `${path}:${line}`).sort(), [...found].sort());
  });
}

function assertNone(faults: readonly Fault[]): void {
  if (faults.length > 0) assert.fail(`\n${faults.map(faultText).join("\n")}\n`);
}

const each = (rule: (file: Source) => Fault[]) => (files: readonly Source[]) => files.flatMap(rule);

// Imports.

test("the compiler lets a room import only lower rooms, and provides Node's types only from lab upwards", () => {
  const rooms = ["sim", "statistics", "models", "page", "lab", "live", "exports", "cli", "bench", "scripts", "test"];
  for (const [height, room] of rooms.entries()) {
    const config = JSON.parse(read(`${room}/tsconfig.json`)) as {
      readonly compilerOptions: { readonly types?: readonly string[] };
      readonly references?: readonly { readonly path: string }[];
    };
    const below = (config.references ?? []).map(({ path }) => path.replace("../", ""));
    assert.ok(
      below.every((name) => rooms.slice(0, height).includes(name)),
      `${room} may import ${below.join(", ")}`,
    );
    assert.deepEqual(
      config.compilerOptions.types ?? [],
      height >= rooms.indexOf("lab") && room !== "live" ? ["node"] : [],
      room,
    );
  }
  assert.deepEqual(JSON.parse(read("tsconfig.json")).compilerOptions.types, []);
});

rule(
  "imports do not go in circles",
  importsDoNotCircle,
  {
    "sim/a.ts": `import { b } from "./b.ts";\nimport { d } from "./d.ts";\n`,
    "sim/b.ts": `import { d } from "./d.ts";\nimport { c } from "./c.ts";\n`,
    "sim/c.ts": `\nimport type { A } from "./a.ts";\n`,
    "sim/d.ts": "",
  },
  ["sim/c.ts:2"],
);

rule(
  "there are no barrels inside",
  each(barrelsAreForOthers),
  {
    "exports/index.ts": `export { a } from "../sim/a.ts";\n`,
    "sim/index.ts": `export const a = 1;\n`,
    "lab/a.ts":
      `export const b = 1;\nimport { c } from "./c.ts";\nexport { c };\n` +
      `export * from "./d.ts";\nexport type { E } from "./e.ts";\n`,
  },
  ["sim/index.ts:1", "lab/a.ts:4", "lab/a.ts:5"],
);

// What must not know what.

/** What the print servers call their own, but for what another model calls by the same name. */
const printServers = catalogue["print-servers"];
const namesOf = ({ responses, means = [], parameters }: Model): string[] => {
  return [...responses, ...means].map(({ name }) => name).concat(Object.keys(parameters));
};
const others = Object.values(catalogue).filter((model) => model !== printServers);
const shared = new Set(["servers", ...others.flatMap(namesOf)]);
const own = new Set(namesOf(printServers).filter((name) => !shared.has(name)));

rule(
  "nothing but the print servers' folder names their responses and parameters",
  each(modelsSpeakForThemselves(own, "print-servers")),
  {
    "lab/reports/planted.ts": `/** jobsStarved */
const name = "jobsStarved";
const spooler = values.controlMsMedian;\n`,
    "cli/planted.ts": 'const part = "spooler"; // jobsLost\nconst text = `the ${x} of leakedDcs`;\n',
    "models/print-servers/planted.ts": `const right = "jobsStarved";`,
    "lab/validation/topics/print-servers.ts": `const right = "jobsStarved";`,
    "lab/right.ts": `const words = "the spooler prints";\nconst spooler = 1;`,
  },
  ["lab/reports/planted.ts:2", "lab/reports/planted.ts:3", "cli/planted.ts:1", "cli/planted.ts:2"],
);

rule(
  "the code says the words of the glossary",
  each(wordsAreOfTheGlossary),
  {
    "lab/a.ts": "/** What is told. */\nconst isTold = restartMeter;\nconst parameter = thermometer;\n",
    "sim/b.ts": "const text = `the ${estate}`;\nconst meters = 1;\n",
    "live/server-view.ts": 'element("meter");\n',
  },
  ["lab/a.ts:1", "lab/a.ts:2", "lab/a.ts:2", "sim/b.ts:1", "sim/b.ts:2"],
);

rule(
  "no name is a word that says nothing of what it holds",
  each(namesSaySomething),
  {
    "lab/a.ts": `/** What is said. */\nconst said = "asked";\nconst text = \`said \${outcomes}\`;\nconst unsaid = 1;\n`,
    "sim/b.ts": "function watched() {}\n",
    "test/c.ts": "const outcome = 1;\n",
  },
  ["lab/a.ts:2", "lab/a.ts:3", "sim/b.ts:1"],
);

test("the glossary explains each word once", () => {
  assert.deepEqual(repeated("- **Job**: a.\n- **Draw** and **job**: a **draw** is b."), ["job"]);
  assert.deepEqual(repeated(read("docs/glossary.md")), []);
});

/** The words that are explained twice: those in bold before the colon of an entry. */
function repeated(glossary: string): string[] {
  const entries = [...glossary.matchAll(/^- (\*\*[^:]*):/gm)];
  const words = entries.flatMap(([, head]) =>
    [...head.matchAll(/\*\*(.*?)\*\*/g)].map(([, word]) => word.toLowerCase()),
  );
  return words.filter((word, i) => words.indexOf(word) !== i);
}

rule(
  "no text below the command line names an option of it",
  each(optionsAreOfCommands),
  {
    "lab/a.ts": "/** --at */\nconst a = `--at ${b}: wrong`;\nconst c = i--;\nconst d = `${e}; say --force`;\n",
    "models/b.ts": 'const a = "x --y z";\nconst b = "a--b, ---";\n',
    "cli/c.ts": 'const a = "--at";\n',
  },
  ["lab/a.ts:2", "lab/a.ts:4", "models/b.ts:1"],
);

rule(
  "the reference shares nothing with the kernel but math and the sites' numbers",
  referenceSharesNothing,
  {
    "models/print-servers/reference/reference.ts":
      `import { exp } from "../../../sim/math.ts";\nimport type { Jobs } from "../job-queues.ts";\n` +
      `import { sites } from "../sites.ts";\nimport { exponential } from "../../../sim/variates.ts";\n` +
      `import { type Lock } from "../lock.ts";\nimport { leakOf } from "./state.ts";\n`,
    "models/print-servers/reference/state.ts": `import { limits } from "../limits.ts";\n`,
    "models/print-servers/sites.ts": `\nimport { kinds } from "./kinds.ts";\n`,
  },
  [
    "models/print-servers/reference/reference.ts:4",
    "models/print-servers/reference/reference.ts:5",
    "models/print-servers/reference/state.ts:1",
    "models/print-servers/sites.ts:2",
  ],
);

rule(
  "nothing of Node reaches a browser",
  browsersGetNoNode,
  {
    "exports/browser.ts":
      `import { a } from "../lab/a.ts";\nimport type { B } from "../lab/b.ts";\n` +
      `import { c } from "#platform";\nimport { z } from "zod";\nprocess.exit(1);\n`,
    "lab/a.ts": `import { readFile } from "node:fs/promises";\n`,
    "lab/b.ts": `import { resolve } from "node:path";\n`,
    "lab/platform/browser.ts": `await import("node:url");\n`,
    "lab/platform/node.ts": `import v8 from "node:v8";\n`,
  },
  ["exports/browser.ts:5", "lab/a.ts:1", "lab/platform/browser.ts:1"],
);

rule(
  "a spooler cannot draw",
  each(spoolersCannotDraw),
  {
    "models/print-servers/spoolers/buggy.ts": `import type { Spooler } from "./spooler.ts";\nimport type { Stream } from "../sim/streams.ts";\n`,
    "models/print-servers/spoolers/fixed.ts": `import { Workload } from "./workload.ts";\nimport seedrandom from "seedrandom";\n`,
    "models/print-servers/job-queues.ts": `import { Workload } from "./workload.ts";\n`,
  },
  [
    "models/print-servers/spoolers/buggy.ts:2",
    "models/print-servers/spoolers/fixed.ts:1",
    "models/print-servers/spoolers/fixed.ts:2",
  ],
);

rule(
  "each package has one door",
  each(packagesHaveOneDoor),
  {
    "sim/streams.ts": `import seedrandom from "seedrandom";\n`,
    "sim/a.ts": `import seedrandom from "seedrandom";\n`,
    "lab/a.ts":
      `import { parse } from "yaml";\nimport yargs from "yargs";\n` +
      `import { join } from "node:path";\nimport type { Patch } from "immer";\n`,
    "cli/a.ts": `import { hideBin } from "yargs/helpers";\nimport { z } from "zod";\nimport _ from "lodash";\n`,
    "bench/a.ts": `import Benchmark from "benchmark";\n`,
    "test/a.ts": `import _ from "lodash";\n`,
  },
  ["sim/a.ts:1", "lab/a.ts:2", "lab/a.ts:4", "cli/a.ts:2", "cli/a.ts:3", "bench/a.ts:1"],
);

// Tokens.

rule(
  "chance, time, place and last bits come from sim and from nowhere else",
  each(nothingIsLeftToTheEngine),
  {
    "sim/a.ts": [
      `/** Math.random is banned. */`, // 1
      `const text = "Math.random() and Date"; // Date`,
      `const a = Math.random();`, // 3
      `const b = Date.now() + performance.now();`, // 4, 4
      `setTimeout(a, 1);`, // 5
      `export async function f() {}`, // 6
      `const c = Math.floor(Math.sqrt(2)) + Math.PI;`,
      `const d = Math.log(2) + 2 ** 3;`, // 8, 8
      `const { random } = Math;`, // 9
      `for (const key in object) use(key);`, // 10
      `names.sort((x, y) => x.localeCompare(y));`, // 11
      `const e = \`Date \${Date.now()} Date\`;`, // 12
      `const awaited = inverse / "Date".length / 2; const p = /Date["']/.test(x);`,
      `process.exit(1);`, // 14
      `for (const key of Object.keys(object)) processes.use(key);`,
    ].join("\n"),
    "lab/a.ts":
      `const a = Math.random();\nconst b = new Date();\nconst c = x.toLocaleString();\n` +
      `await d;\nsetTimeout(a, 1);\n`,
    "lab/run-experiment.ts": `const a = new Date();\nconst b = Math.pow(2, 0.5);\n`,
    "bench/a.ts": `const a = performance.now();\n`,
  },
  [
    "sim/a.ts:3",
    "sim/a.ts:4",
    "sim/a.ts:4",
    "sim/a.ts:5",
    "sim/a.ts:6",
    "sim/a.ts:8",
    "sim/a.ts:8",
    "sim/a.ts:9",
    "sim/a.ts:10",
    "sim/a.ts:11",
    "sim/a.ts:12",
    "sim/a.ts:14",
    "lab/a.ts:1",
    "lab/a.ts:2",
    "lab/a.ts:3",
    "lab/run-experiment.ts:2",
  ],
);

rule(
  "nothing is left for later",
  each(nothingIsLeftForLater),
  {
    "cli/a.ts": `// ${"TO" + "DO"}: later\nconst mastodon = 1;\n/** ${"FIX" + "ME"} */\nconst text = "${"XX" + "X"}";\n`,
  },
  ["cli/a.ts:1", "cli/a.ts:3", "cli/a.ts:4"],
);

rule(
  "every test runs, and none alone",
  each(everyTestRuns),
  {
    "test/a.test.ts":
      `test("a.only", () => {});\ntest.${"skip"}("b", () => {});\ntest("c", { ${"todo"}: true }, () => {});\n` +
      `const [one] = list.only;\ndescribe\n  .${"only"}("d", () => {});\n`,
  },
  ["test/a.test.ts:2", "test/a.test.ts:3", "test/a.test.ts:5"],
);

rule(
  "every test has a name of its own",
  testsHaveDistinctNames,
  {
    "test/a.test.ts": `${"test"}("a", () => {});\n${"test"}("b", () => {});\n`,
    "test/b.test.ts": `\n${"test"}(\n  "a",\n  () => {},\n);\n`,
    "test/c.ts": `${"test"}("a", () => {});\n`,
  },
  ["test/b.test.ts:2"],
);

// Shape.

rule(
  "comments have at most 120 columns",
  each(commentsAreNarrow),
  {
    "sim/a.ts": `// ${"x".repeat(117)}\n// ${"y".repeat(118)}\n// ${"\u{1F5A8}".repeat(117)}\nconst z = "${"z".repeat(120)}"; // z\n`,
  },
  ["sim/a.ts:2"],
);

rule(
  "files have at most 700 lines",
  each(filesAreShort),
  {
    "sim/a.ts": "\n".repeat(700),
    "sim/b.ts": "\n".repeat(701),
  },
  ["sim/b.ts:701"],
);

rule(
  "every file says first what it is",
  each(filesSayWhatTheyAre),
  {
    "sim/a.ts": `/** A thing. */\nconst a = 1;\n`,
    "cli/main.ts": `#!/usr/bin/env node\n/** A command. */\n`,
    "lab/b.ts": `import { a } from "./a.ts";\n\n/** A thing. */\n`,
    "bench/c.ts": `// A thing.\n`,
    "models/d.ts": `/** */\n`,
    "test/e.ts": `const a = 1;\n`,
  },
  ["lab/b.ts:1", "bench/c.ts:1", "models/d.ts:1"],
);

rule(
  "every file of sim, models, page and lab has a test of its name, or a reason",
  ofPaths(filesAreMirroredByTests),
  {
    "sim/a.ts": "",
    "test/sim/a.test.ts": "",
    "sim/b.ts": "",
    "test/lab/b.test.ts": "",
    "models/model.ts": "",
    "cli/c.ts": "",
  },
  ["sim/b.ts:1"],
);

function ofPaths(faultsOf: (paths: readonly string[]) => Fault[]): (files: readonly Source[]) => Fault[] {
  return (files) => faultsOf(files.map(({ path }) => path));
}

test("code is only in the rooms; experiments, docs and results contain none", () => {
  assertNone(codeLivesInRooms(paths));
  const right = ["experiments/a.yaml", "exports/index.ts", "examples/a.mjs", "setup.mjs", "spoolsim.mjs", "cli/b.ts"];
  const wrong = ["experiments/c.ts", "docs/d.mjs", "main.ts", "utils/e.ts"];
  assert.deepEqual(
    codeLivesInRooms([...right, ...wrong]).map(({ path }) => path),
    wrong,
  );
});

test("no exception outlives its reason", () => {
  assertNone(exceptionsAreNeeded(sources));
  const gone = ["bench/harness.ts", "cli/progress.ts", "test/models/print-servers/invariants.test.ts"];
  const faults = exceptionsAreNeeded([
    ...sources.filter(({ path }) => !gone.includes(path)),
    source("bench/harness.ts", "/** No package any more. */"),
    source("cli/progress.ts", `/** No clock any more. */\nimport { SingleBar } from "cli-progress";`),
    source("test/models/model.test.ts", ""),
  ]);
  assert.deepEqual(
    faults.map(({ path }) => path),
    ["bench/harness.ts", "cli/progress.ts", "models/model.ts", "models/print-servers/kernel.ts"],
  );
});

// On paper.

test("every dependency has one exact version", () => {
  assertNone(versionsArePinned("package.json", read("package.json")));
  const [dependencies, devDependencies] = [{ a: "1.2.3", b: "^1.2.3" }, { c: "latest" }];
  const wrong = JSON.stringify({ dependencies, devDependencies }, null, 2);
  assert.deepEqual(
    versionsArePinned("package.json", wrong).map(({ line, what }) => `${line}: ${what}`),
    [`4: b is "^1.2.3"`, `7: c is "latest"`],
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

// The reader under the rules.

test("everything but code is blanked, and lines and columns stay", () => {
  const cases: readonly (readonly [text: string, code: string])[] = [
    [`a // b\nc`, `a     \nc`],
    [`a /* b\nc */ d`, `a     \n     d`],
    [`a("// b", '\\'c') // d`, `a("    ", '   ')     `],
    ['`a ${b + `c ${d}` + "e"} f ${{ g: 1 }.g} h`', '`  ${b + `  ${d}` + " "}   ${{ g: 1 }.g}  `'],
    ["`a \\` \\${b} $c` + d", "`             ` + d"],
    [`a / b / c`, `a / b / c`],
    [`f(/[/"]\\/'/g, b) / c // d`, `f(/       /g, b) / c     `],
    [`return /"/.test(a)`, `return / /.test(a)`],
    [`#!/usr/bin/env node\na`, `${" ".repeat(19)}\na`],
  ];
  for (const [text, code] of cases) assert.equal(source("a.ts", text).code, code, text);
});

test("the code of a source has the length of the text and keeps its lines", () => {
  for (const { path, text, code } of sources) {
    assert.equal(code.length, text.length, path);
    assert.equal(code.split("\n").length, text.split("\n").length, path);
    // A reader that lost count would leave brackets open.
    for (const [open, close] of ["{}", "()", "[]"]) {
      assert.equal(code.split(open).length, code.split(close).length, `${path}: ${open}${close}`);
    }
  }
});

test("a fault is reported with its position, its kind, and what to use instead", () => {
  const [fault] = nothingIsLeftToTheEngine(source("sim/x.ts", "\nMath.random();"));
  assert.equal(faultText(fault), "sim/x.ts:2: Math.random is banned; instead: Stream.uniform of sim/streams.ts");
});
