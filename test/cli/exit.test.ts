/** cli/exit.ts: every exit code that --help lists is reached, and it lists no other. */
import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { interruptSignal, optionOf } from "../../cli/exit.ts";
import { filesBelow } from "../support/folders.ts";
import { CACHED, spoolsim, spoolsimAlone, startSignalled, timeout } from "../support/spoolsim.ts";
import { userModel } from "../cases/runner.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let cwd: string;
before(async () => void (cwd = await mkdtemp(join(tmpdir(), "spoolsim-exit-"))));
after(() => rm(cwd, { recursive: true }));

const tiny = ["run", "mm1", "--replications", "1", "--set", "horizonDays=0.01", "--workers", "1", "--out", "tiny"];
/** A run of a minute or more, in pieces of a fraction of a second. */
const long = ["run", "q223863", "--servers", "4", "--replications", "50", "--set", "horizonDays=5", "--out", "out"];

const interruption =
  "spoolsim: interrupted; no results were written; finished runs are kept, and the same command continues from there\n";

/** The code of a run on so many threads that a signal ends: soon, with one line, and nothing is left but its cache. */
async function interrupted(signal: NodeJS.Signals, workers: string): Promise<number | null> {
  const folder = await mkdtemp(join(cwd, "interrupted-"));
  const instant = { signal, count: 3, file: CACHED };
  const { status, stdout, stderr } = await startSignalled(folder, instant, [...long, "--workers", workers]).ended;
  assert.deepEqual([stdout, stderr], ["", interruption]);
  const kept = (await filesBelow(folder)).filter((name) => new RegExp(CACHED).test(name)).length;
  assert.ok(kept >= 3 && kept < 100, `${kept} of 1600 servers were simulated`);
  await rm(join(folder, "results"), { recursive: true });
  assert.deepEqual(await filesBelow(folder), []);
  return status;
}

/** What ends with this code. */
const reached: Record<string, () => Promise<number | null>> = {
  0: async () => (await spoolsimAlone(cwd, ...tiny)).status,
  1: async () => {
    await appendFile(join(cwd, "tiny", "servers.csv"), "0\n");
    return (await spoolsimAlone(cwd, "verify", "tiny", "--workers", "1")).status;
  },
  2: async () => (await spoolsimAlone(cwd, "run", "nothing")).status,
  70: async () => {
    await writeFile(join(cwd, "ticks.mjs"), userModel("check"));
    const scenario = "{model: ./ticks.mjs, horizonDays: 0.1}";
    await writeFile(join(cwd, "ticks.yaml"), `question: q\nseed: 1\nscenario: ${scenario}\n`);
    return (await spoolsimAlone(cwd, "run", "ticks.yaml", "--workers", "1")).status;
  },
  130: () => interrupted("SIGINT", "1"),
  143: () => interrupted("SIGTERM", "2"),
};

test("--help lists the exit codes that a command can return", { timeout }, async () => {
  const { stdout } = await spoolsim(cwd, "--help");
  const listed = [...stdout.split("Exit codes:")[1].matchAll(/^ *(\d+) {2}/gm)].map(([, code]) => code);
  assert.deepEqual(listed, Object.keys(reached));
});

test("every argument named in a message of lab/ is an option of a command", async () => {
  const textOf = async (room: string) => {
    const names = (await readdir(join(root, room), { recursive: true })).filter((name) => name.endsWith(".ts"));
    return (await Promise.all(names.map((name) => readFile(join(root, room, name), "utf8")))).join("");
  };
  const named = [...(await textOf("lab")).matchAll(/\b(?:argument|badArgument|placeOf)\("(\w+)"/g)];
  const options = await textOf("cli");
  const unknown = named
    .map(([, name]) => optionOf(name).slice(2))
    .filter((option) => !new RegExp(`(^\\s*|option\\()"?${option}"?(: \\{|, )`, "m").test(options));
  assert.ok(named.length > 30);
  assert.deepEqual(unknown, []);
});

test("a mistake in an argument is reported with the name of the option", { timeout }, async () => {
  const { stderr } = await spoolsim(cwd, "run", "q223863", "--set", "parameters.spooler=./mine.mjs");
  const varied = "--set parameters.spooler=./mine.mjs: parameters.spooler is varied by the factor spooler";
  assert.equal(stderr, `spoolsim: ${varied}; --add spooler=./mine.mjs adds a level to it\n`);
});

test("an empty option, as an unset variable leaves it, is refused", {
  timeout,
}, async () => {
  const empty = [
    [...tiny, "--cache="],
    ["run", "mm1", "--out", ""],
    ["cache", "--clear", "--cache", ""],
    ["cluster", "parallel", "mm1", "--tasks", "1", "--out="],
    ["advise", "restart-or-patch", "--currency", ""],
    ["run", "mm1", "--seed", ""],
  ];
  for (const words of empty) {
    const { status, stderr } = await spoolsim(cwd, ...words);
    assert.deepEqual([status, /^spoolsim: --\w+ is empty; it takes a value\n$/.test(stderr)], [2, true], stderr);
  }
});

test("a cache that cannot be created is refused, and only folders are merged", { timeout }, async () => {
  const none = await spoolsim(cwd, "run", "mm1", "--quick", "--part", "1/1", "--cache", "/proc/none/x");
  assert.equal(none.stderr, "spoolsim: --cache /proc/none/x: it cannot be made: its folder does not exist\n");
  await writeFile(join(cwd, "file"), "");
  const merged = await spoolsim(cwd, "cache", "merge", "file", "--cache", "into");
  assert.deepEqual([merged.status, merged.stderr], [2, "spoolsim: file is not a folder; name the folder of a cache\n"]);
});

for (const [code, end] of Object.entries(reached)) {
  test(`exit code ${code}`, { timeout }, async () => assert.equal(await end(), Number(code)));
}

test("a signal always has a listener, so that no second one can kill the process unheard", () => {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const had = { SIGINT: process.rawListeners("SIGINT"), SIGTERM: process.rawListeners("SIGTERM") };
    const signal = interruptSignal();
    // The process is shared with other tests, which must not hear of a signal.
    const own = process.rawListeners(name).at(-1)!;
    own(name);
    assert.deepEqual([signal.aborted, process.rawListeners(name).at(-1)], [true, own]);
    for (const other of ["SIGINT", "SIGTERM"] as const) {
      for (const one of process.rawListeners(other).slice(had[other].length)) process.off(other, one as () => void);
    }
    assert.deepEqual({ SIGINT: process.rawListeners("SIGINT"), SIGTERM: process.rawListeners("SIGTERM") }, had);
  }
});
