/**
 * The package as others get it: packed, unpacked into an empty folder outside the clone, and imported by its name.
 *
 * Beside it lie the packages of its dependencies and no others, so what it needs at run time and does not say is found.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { otherNodes } from "../support/nodes.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);
const timeout = 120_000;

let folder: string;
let packed: readonly string[];

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "spoolsim-packed-")));
  const npm = ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
  const { stdout } = await run("npm", npm, { cwd: root, maxBuffer: 1e8 });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: readonly { path: string }[] }];
  packed = files.map(({ path }) => path);
  const unpacked = join(folder, "node_modules", "spoolsim");
  await mkdir(unpacked, { recursive: true });
  await run("tar", ["-xzf", filename, "-C", unpacked, "--strip-components=1"], { cwd: folder });
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const forTypes = ["typescript", "typescript-7", "@types/node", "undici-types"];
  for (const name of [...Object.keys(dependencies), ...forTypes]) await link(name);
  await writeFile(join(folder, "package.json"), `{ "type": "module" }\n`);
  await cp(join(root, "examples"), join(folder, "examples"), { recursive: true });
});

after(() => rm(folder, { recursive: true, force: true }));

async function link(name: string): Promise<void> {
  const path = join(folder, "node_modules", name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(root, "node_modules", name), path, "junction");
}

/** What a program prints that lies in the folder, on this Node or another. */
async function printed(file: string, node = process.execPath): Promise<string> {
  return (
    await run(node, [join(folder, file)], {
      cwd: folder,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    })
  ).stdout;
}

test("the package contains only what runs or is read: no tests, no sources, no build info, every entry point and the command", () => {
  const read =
    /^(docs\/(gallery\/)?[\w.-]+\.(md|svg)|docs\/[\w-]+\.png|docs\/reference-series\.\w+|(bench|results)\/[A-Z]+\.md|models\/print-servers\/spoolers\/buggy\.ts|[A-Z]+\.(md|cff))$/;
  const runs =
    /^(dist\/(sim|statistics|models|page|lab|exports|cli)\/[\w/-]+(\.d)?\.c?[jt]s|examples\/[\w.-]+|experiments\/[\w.-]+|dist\/web\/[\w./-]+|page\/page\.css|spoolsim\.mjs|package\.json|LICENSE)$/;
  assert.deepEqual(
    packed.filter((path) => !runs.test(path) && !read.test(path)),
    [],
  );
  for (const door of ["index", "kit", "models", "statistics", "lab", "browser"]) {
    for (const ending of [".js", ".d.ts"]) assert.ok(packed.includes(`dist/exports/${door}${ending}`), door + ending);
  }
  assert.ok(packed.includes("spoolsim.mjs"));
});

test("every relative link of the README leads to a file of the package", async () => {
  const text = await readFile(join(folder, "node_modules", "spoolsim", "README.md"), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link);
  assert.ok(links.length > 20);
  assert.deepEqual(
    links.filter((link) => !packed.some((path) => path === link || (link.endsWith("/") && path.startsWith(link)))),
    [],
  );
});

test("every picture and page that a document names is in the package", async () => {
  for (const page of packed.filter((path) => path.endsWith(".md"))) {
    const text = await readFile(join(folder, "node_modules", "spoolsim", page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) =>
      posix.join(posix.dirname(page), link),
    );
    const read = links.filter((link) => /\.(png|svg|md)$/.test(link));
    assert.deepEqual(
      read.filter((link) => !packed.includes(link)),
      [],
      page,
    );
  }
});

test("the command runs the build, and builds itself first if necessary", async () => {
  const { version, bin } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const command = join(folder, "node_modules", "spoolsim", bin.spoolsim);
  assert.equal((await run(process.execPath, [command, "--version"])).stdout, `${version}\n`);
  const clone = await mkdtemp(join(folder, "clone-"));
  await cp(command, join(clone, "spoolsim.mjs"));
  const main = `console.log("ready", process.argv[2]);`;
  await writeFile(
    join(clone, "setup.mjs"),
    `import { mkdirSync, writeFileSync } from "node:fs";
    console.log("set up");
    mkdirSync(new URL("dist/cli/", import.meta.url), { recursive: true });
    writeFileSync(new URL("dist/cli/main.js", import.meta.url), ${JSON.stringify(main)});`,
  );
  const start = async () => (await run(process.execPath, [join(clone, "spoolsim.mjs"), "run"])).stdout;
  assert.deepEqual([await start(), await start()], ["set up\nready run\n", "ready run\n"]);
});

test("each entry point is imported by the name of the package, and the root exports no bare exp, log or pow", {
  timeout,
}, async () => {
  await writeFile(
    join(folder, "doors.mjs"),
    `for (const door of ["", "/models", "/statistics", "/lab", "/kit"]) {
      console.log(Object.keys(await import("spoolsim" + door)).join(" "));
    }
    await import("spoolsim/dist/sim/alea.js").catch(({ code }) => console.log(code));`,
  );
  const [kernel, models, statistics, lab, kit, inside] = (await printed("doors.mjs")).trim().split("\n");
  const has = (names: string, ...wanted: string[]) => {
    for (const name of wanted) assert.ok(names.split(" ").includes(name), `${name} is not among ${names}`);
  };
  has(kernel, "Simulation", "Digest", "openStreams", "exponentials", "wholeMicroseconds", "math", "defineModel");
  for (const name of ["exp", "log", "pow", "roster"]) assert.ok(!kernel.split(" ").includes(name), name);
  has(models, "mm1", "printServers", "unitLaws", "unitLawNames", "buggy");
  has(statistics, "meanWaitMg1", "mannKendall", "poissonInterval");
  has(kit, "assembleModel", "Station", "Queue", "count", "number", "exponentials");
  has(lab, "loadExperiment", "buildExperiment", "runInMemory");
  assert.equal(inside, "ERR_PACKAGE_PATH_NOT_EXPORTED");
});

test("every file of statistics is exported by its index", async () => {
  const door = await readFile(join(root, "exports/statistics.ts"), "utf8");
  const files = (await readdir(join(root, "statistics"))).filter((file) => file.endsWith(".ts"));
  assert.deepEqual(
    files.filter((file) => !door.includes(`export * from "../statistics/${file}";`)),
    [],
  );
});

/** The declarations of packages are checked, and not those that TypeScript itself brings. */
const packagesOnly = { skipLibCheck: false, skipDefaultLibCheck: true };

test("types: a program that uses every entry point compiles against the packed declarations", { timeout }, async () => {
  await writeFile(
    join(folder, "types.ts"),
    `import { defineModel, openStreams, Simulation, math, type Model, type Spooler, type System } from "spoolsim";
import { mm1, unitLaws } from "spoolsim/models";
import { assembleModel, Queue } from "spoolsim/kit";
import { meanWaitMg1 } from "spoolsim/statistics";
import { buildExperiment, runInMemory, type InMemory } from "spoolsim/lab";

const system: System = { start() {}, handle() {} };
const simulation = new Simulation(system);
const count: number = simulation.eventCount + openStreams("1")("jobs").draw(0) + math.exp(1);
const wait: number = meanWaitMg1(0.5, 1, unitLaws.exponential.squaredVariation);
export const model: Model = defineModel({
  name: "own",
  meaning: "nothing happens",
  kinds: ["NOTHING"],
  parameters: {
    gapUs: { kind: "number", unit: "us", default: 1, min: 1, max: 9, meaning: "gap", source: "example" },
    law: { kind: "choice", default: "a", choices: ["a", "b"], meaning: "law", source: "example" },
  },
  responses: [{ name: "ticks", unit: "1", role: "count", meaning: "ticks" }],
  create({ gapUs, law }, { count }, open) {
    const gap: number = gapUs + open("gaps").draw(0);
    const either: "a" | "b" = law;
    // @ts-expect-error: a gap is a number
    const text: string = gapUs;
    return { columns: [new Float64Array(count)], start() {}, handle() {}, observe() {}, check() {}, gap, either, text };
  },
});
export const spooler: Pick<Spooler, "name"> = { name: "own" };
const results: Promise<InMemory> = runInMemory(buildExperiment("own", { scenario: { model: mm1.name } }));
export { assembleModel, count, Queue, results, wait };
// @ts-expect-error: a simulation is of a system
new Simulation(7);
`,
  );
  const compilerOptions = {
    ...{ strict: true, outDir: "built", ...packagesOnly, target: "ES2022", lib: ["ES2023"], types: ["node"] },
    ...{ module: "NodeNext", moduleResolution: "NodeNext" },
  };
  const examples = (await readdir(join(folder, "examples"))).filter((file) => file.endsWith(".ts"));
  const files = ["types.ts", ...examples.map((file) => `examples/${file}`)];
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = await run(process.execPath, [tsc, "-p", folder], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, "");
});

test("types: with TypeScript 7, a page without Node compiles against spoolsim/browser", { timeout }, async () => {
  await writeFile(
    join(folder, "page.ts"),
    `import { answerRuns, csvOf, readExperiment, runInMemory, webRunner, withOverrides } from "spoolsim/browser";
const experiment = withOverrides(readExperiment("mine", "question: ?"), { servers: 2 });
const { tables, findings } = await runInMemory(experiment, { runner: webRunner([new Worker("worker.js")]) });
const texts: readonly string[] = [findings.digest, await csvOf(tables.servers)];
answerRuns(self as unknown as Worker);
export { texts };
`,
  );
  const compilerOptions = {
    ...{ strict: true, noEmit: true, ...packagesOnly, target: "ES2022", types: [], lib: ["ES2023", "DOM"] },
    ...{ module: "ESNext", moduleResolution: "Bundler" },
  };
  await writeFile(join(folder, "tsconfig.page.json"), JSON.stringify({ compilerOptions, files: ["page.ts"] }));
  const tsc = join(folder, "node_modules", "typescript-7", "bin", "tsc");
  const project = join(folder, "tsconfig.page.json");
  const { stdout } = await run(process.execPath, [tsc, "-p", project], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, "");
});

/** What each example prints. Those in TypeScript were compiled by the test above. */
const examples: Readonly<Record<string, RegExp>> = {
  "queue.mjs": /^\d{7} customers waited (3\.9|4\.0)\d s, closed form 4\.00 s\n\d{7} events, digest x[0-9a-f]{16}\n$/,
  "bank.mjs": /^$/,
  "model.mjs": /^$/,
  "spooler.mjs": /^$/,
  "model.test.mjs": /^(#|ℹ) pass 2$/m,
  "spooler.test.mjs": /^(#|ℹ) pass 2$/m,
  "event-list.ts": /^the same digests: (x[0-9a-f]{16}(, |\n$)){3}/,
  "run-experiment.mjs":
    /^load 0\.5: 1\.0\d s \(.*\), closed form 1\.00 s\nload 0\.8: .* 4\.00 s\ndigest x[0-9a-f]{16}\n$/,
};

test("every example is executed here", async () => {
  const programs = (await readdir(join(root, "examples"))).filter((file) => /\.m?[jt]s$/.test(file));
  assert.deepEqual(programs.sort(), Object.keys(examples).sort());
});

const programOf = (file: string) =>
  file.endsWith(".ts") ? `built/examples/${file.replace(/\.ts$/, ".js")}` : `examples/${file}`;

for (const [file, output] of Object.entries(examples)) {
  test(`examples/${file} prints the documented output`, { timeout }, async () => {
    assert.match(await printed(programOf(file)), output);
  });
}

for (const { path, version } of otherNodes) {
  test(`the examples print the documented output on Node ${version}`, { timeout }, async () => {
    for (const [file, output] of Object.entries(examples)) assert.match(await printed(programOf(file), path), output);
  });
}
