/**
 * Makes the program ready to run: installs what is missing, builds what is stale, and is silent and quick when there
 * is nothing to do.
 *
 * `npm start`, `npm test` and the others call it first. Plain JavaScript and nothing but Node, because on a fresh
 * clone there is nothing else. Packages are complete when every package of package-lock.json is there in its version,
 * which npm notes in node_modules/.package-lock.json as the last thing it does, and when none of their folders was
 * removed since.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const rooms = ["sim", "statistics", "models", "page", "lab", "live", "exports", "cli", "bench", "scripts", "test"];
/** Written last, so a build that was interrupted is not fresh. */
const stamp = join(root, "dist", ".built");

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) fail(`This is Node ${process.versions.node}; spoolsim needs Node 20 or newer.`);

if (!packagesAreComplete()) {
  say("Installing packages (only when some are missing) ...");
  run(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "npm could not install the packages.",
  );
}
if (!buildIsFresh()) {
  say("Building (only when something changed) ...");
  removeOrphans(join(root, "dist"), root);
  const tsc = join(root, "node_modules", "typescript-7", "bin", "tsc");
  run(process.execPath, [tsc, "--build", root], "The build failed.");
  run(process.execPath, [join(root, "dist", "scripts", "local-constants.js")], "The build could not be finished.");
  run(process.execPath, [join(root, "dist", "scripts", "site.js")], "The live page could not be made.");
  writeFileSync(stamp, "");
}

function packagesAreComplete() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional || (found[path]?.version === version && existsSync(join(root, path))),
  );
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : undefined;
}

function buildIsFresh() {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  const sources = ["tsconfig.json", "package-lock.json", ...rooms.flatMap(filesBelow)];
  return sources.every((source) => statSync(join(root, source)).mtimeMs <= builtAt);
}

/** Removes compiled files whose source is gone: they would go on being run and tested. */
function removeOrphans(compiled, sources) {
  if (!existsSync(compiled)) return;
  for (const entry of readdirSync(compiled, { withFileTypes: true })) {
    const path = join(compiled, entry.name);
    if (entry.isDirectory()) removeOrphans(path, join(sources, entry.name));
    else if (/(\.d)?\.c?[jt]s$/.test(entry.name)) {
      const source = entry.name.replace(/(\.d)?\.(c?)[jt]s$/, ".$2ts");
      if (!existsSync(join(sources, source))) rmSync(path);
    }
  }
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

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
