/**
 * Makes the program ready to run: installs what is missing, builds what is stale, and is silent and quick when there
 * is nothing to do.
 *
 * `npm start`, `npm test` and the others call it first. Plain JavaScript and nothing but Node, because on a fresh
 * clone there is nothing else. Packages are complete when every package of package-lock.json is there in its version,
 * which npm notes in node_modules/.package-lock.json as the last thing it does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const buildInfo = join(root, "dist", ".tsbuildinfo");

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) fail(`This is Node ${process.versions.node}; spoolsim needs Node 20 or newer.`);

if (!packagesAreComplete()) {
  say("Installing packages (only the first time) ...");
  run(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "npm could not install the packages.",
  );
}
if (!buildIsFresh()) {
  say("Building (only when something changed) ...");
  // An output whose source is gone would go on being run and tested.
  rmSync(join(root, "dist"), { recursive: true, force: true });
  // What runs in a page knows a document and no Node, so it is compiled apart; its build info does not count below.
  compile(join(root, "page"));
  compile(root);
}

function packagesAreComplete() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || found[path]?.version === version,
  );
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : undefined;
}

/** The compiler writes its build info last, so a build that was interrupted is not fresh. */
function buildIsFresh() {
  if (!existsSync(buildInfo)) return false;
  const builtAt = statSync(buildInfo).mtimeMs;
  const rooms = ["sim", "statistics", "models", "page", "lab", "cli", "bench", "scripts", "test"];
  const sources = ["index.ts", "tsconfig.json", "package-lock.json", ...rooms.flatMap(filesBelow)];
  return sources.every((source) => statSync(join(root, source)).mtimeMs <= builtAt);
}

function filesBelow(room) {
  const entries = readdirSync(join(root, room), { withFileTypes: true });
  // A folder's own time tells of files that were removed.
  return [room, ...entries.flatMap((e) => (e.isDirectory() ? filesBelow(join(room, e.name)) : [join(room, e.name)]))];
}

function run(command, args, failure) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(failure);
}

function compile(project) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-p", project, "--noEmitOnError"], "The build failed.");
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
