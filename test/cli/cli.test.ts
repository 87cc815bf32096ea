/**
 * The command, end to end: a mistake is one clear line and exit code 2, and writes nothing; an interrupted run leaves
 * nothing; and a user's own spooler and model need no file of ours.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { shippedExperiments } from "../../lab/experiment/load.ts";
import { userModel } from "../cases/runner.ts";
import { articleResults, results } from "../support/article-results.ts";
import { filesBelow, folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { CACHED, spoolsim, spoolsimAlone, start, startSignalled } from "../support/spoolsim.ts";
import { textsOf } from "../support/texts.ts";

/** Nothing takes so long, not even on a busy machine. */
const timeout = 120_000;

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

/** Results that many tests only read. */
let shared: string;
before(async () => {
  shared = await articleResults();
});

/** A run of a fraction of a second: 4 design points of mm1. */
const tiny = ["run", "mm1", "--servers", "1", "--replications", "1", "--set", "horizonDays=0.01", "--workers", "1"];

/** A run of a minute or more, in pieces of a fraction of a second. */
const long = ["run", "q223863", "--servers", "4", "--replications", "50", "--set", "horizonDays=5", "--out", "out"];

const interrupted =
  "spoolsim: interrupted; no results were written; finished runs are kept, and the same command goes on from there\n";

const yaml = `question: Does it wait?
seed: 1
replications: 1
scenario:
  model: mm1
  servers: 1
  horizonDays: 0.01
  parameters:
    arrivalsPerSecond: 0.5
`;

async function rows(file: string): Promise<Record<string, string>[]> {
  return parse(await readFile(file, "utf8"), { columns: true });
}

const mistakes: Record<string, [words: string[], message: RegExp]> = {
  "an option that is given twice": [[...tiny, "--workers", "2"], /--workers is given twice/],
  "a misspelt experiment": [["run", "q223864"], /"q223864"; one of .*; did you mean q223863\?/],
  "a missing file": [["run", "./none.yaml"], /none\.yaml does not exist/],
  "a folder without results": [["run", "./"], /holds no results/],
  "a setting without a value": [[...tiny, "--set", "servers"], /--set servers: .* path=value/],
  "an unknown setting": [[...tiny, "--set", "arrivalPerSecond=1"], /not a parameter of mm1; did you mean arrivalsPer/],
  "a setting that a factor varies": [[...tiny, "--set", "serviceLaw=constant"], /varied by the factor serviceLaw/],
  "only an unknown level": [
    ["run", "q223863", "--only", "site=moon"],
    /--only site=moon: moon is not a level of site; its levels: office, /,
  ],
  "only an unknown factor": [["run", "mm1", "--only", "x=1"], /--only x=1: x is not a factor of mm1; .*Law/],
  "only without a level": [
    ["run", "mm1", "--only", "serviceLaw"],
    /--only serviceLaw: levels are written as factor=level,level/,
  ],
  "no workers": [["run", "mm1", "--workers", "0"], /--workers is 0; .* whole number/],
  "half a worker": [["run", "mm1", "--workers", "1.5"], /--workers is 1\.5; .* whole number/],
  "too many servers": [["run", "mm1", "--servers", "1e9"], /servers is 1000000000; a whole number/],
  "no replications": [["run", "mm1", "--replications", "0"], /--replications is 0; a whole number/],
  "more memory than available": [
    ["run", "mm1", "--servers", "1e7", "--set", "sampleEveryHours=0.001"],
    /GB of memory .*; take a shorter horizon/,
  ],
  "a wave larger than the fleet": [
    ["run", "rollout-hazard", "--set", "waveServers=50"],
    /^spoolsim: --set waveServers=50: scenario\.parameters\.waveServers is 50; .* the fleet, which has 20$/m,
  ],
  "an unknown factor": [["explain", "q223863", "--at", "color=red"], /color is not a factor .*: site, spooler/],
  "an unknown level": [["explain", "q223863", "--at", "site=moon"], /moon is not a level of site; .*mainframe/],
  "two levels of a factor": [["replay", "q223863", "--at", "site=office,site=mainframe"], /site is given twice/],
  "a replication before the first": [["replay", "mm1", "--replication", "-1"], /--replication is -1/],
  "an unknown server": [["trace", "mm1", "--quick", "--server", "99"], /--server is 99; .* \[0, 0\]/],
  "a story of a model without a narrative": [["explain", "mm1", "--quick"], /no server leaks/],
  "an unknown name": [["describe", "mm2"], /nothing is called mm2; did you mean mm1\?/],
  "a part of several names": [
    ["describe", "deleteSh"],
    /nothing is called deleteSh; names with it: deleteShare, pauseDelete/,
  ],
  "a name that now stands for seven parameters": [
    ["describe", "alteredShare"],
    /altered by seven shares, .*: deleteShare, pause/,
  ],
  "a setting that now stands for seven parameters": [
    ["run", "fleet-size", "--set", "alteredShare=0.02"],
    /alteredShare is not a parameter of print-servers; jobs are altered by seven shares/,
  ],
  "a command after --": [["--", "advise"], /<experiment> is missing; the command is spoolsim advise/],
  "the beginning of a setting": [["run", "mm1", "--set", "horizon=7"], /horizon .*did you mean horizonDays\?/],
  "a word that matches no target": [["validate", "astrology"], /"astrology"; no target has it in its topic \(queues, /],
  "a validation to a missing folder": [
    ["validate", "38", "--out", "no/v.csv"],
    /--out no\/v\.csv cannot be written: its folder does not exist/,
  ],
  "a new experiment with another ending": [["init", "x.txt"], /x\.txt; .* ends in \.yaml/],
  "a new experiment in a missing folder": [
    ["init", "none/x.yaml"],
    /none\/x\.yaml cannot be written: its folder does not exist/,
  ],
  "an unknown shell": [["completion", "tcsh"], /tcsh/],
  "a log that begins on another day": [
    ["export", "q223863", "--format", "pdh-csv", "--start", "1999-03-02"],
    /--start is 1999-03-02, a Tuesday/,
  ],
  "a log of a computer with a path": [
    ["export", "q223863", "--format", "pdh-csv", "--computer", "\\\\PRN"],
    /--computer is \\\\PRN; one to 15/,
  ],
  "Parquet of a folder without results": [["export", ".", "--format", "parquet"], /\. holds no results/],
  "Parquet with an option for a log": [
    ["export", ".", "--format", "parquet", "--every", "5"],
    /--every is for pdh-csv/,
  ],
  "an export without a format": [["export", "q223863"], /format/],
  "advice at an unknown price": [
    ["advise", "restart-or-patch", "--price", "stafHour=1"],
    /stafHour is not a price; .*staffHour/,
  ],
  "advice at a negative price": [
    ["advise", "restart-or-patch", "--price", "staffHour=-1"],
    /a price is a number .* not -1/,
  ],
  "advice on an experiment without policies": [["advise", "mm1", "--quick"], /mm1/],
  "advice with an invalid weight": [
    ["advise", "restart-or-patch", "--quick", "--unknown", "controlMsMedian=10:0,30:1"],
    /a weight is a number above 0, not 0/,
  ],
  "advice into an existing file": [["advise", "restart-or-patch", "--out", "."], /--out \. exists already/],
  "advice from one replication": [["advise", "restart-or-patch", "--replications", "1"], /at least 2 replications/],
  "results without a manifest": [["verify", "."], /holds no results/],
};

for (const [mistake, [words, message]] of Object.entries(mistakes)) {
  test(`refused: ${mistake}`, { timeout }, () => refuses(cwd, words, message));
}

const faults: Record<string, [from: string, to: string, message: RegExp]> = {
  "an unknown key": ["  servers: 1", "  server: 1", /x\.yaml:6:3 scenario\.server is not known.*mean servers\?/],
  "a value of another type": ["servers: 1", "servers: one", /x\.yaml:6:3 scenario\.servers is "one"; a whole number/],
  "a value out of its range": ["0.5", "-1", /x\.yaml:9:5 scenario\.parameters\.arrivalsPerSecond is -1; a number in/],
  "inconsistent values": ["0.5", "5", /x\.yaml:9:5 scenario\.parameters\.arrivalsPerSecond is 5 .* served faster/],
  "an unknown model": ["model: mm1", "model: mm2", /x\.yaml:5:3 scenario\.model is "mm2"; .*did you mean mm1\?/],
  "a line that is indented too far": ["  servers: 1", "   servers: 1", /x\.yaml:\d+:\d+ .*indented too far$/m],
  "a file that is not YAML": ["seed: 1", "seed: [1", /x\.yaml:\d+:\d+ /],
};

for (const [fault, [from, to, message]] of Object.entries(faults)) {
  test(`refused with its file, line and column: ${fault}`, { timeout }, async () => {
    assert.ok(yaml.includes(from));
    await writeFile(join(cwd, "x.yaml"), yaml.replace(from, to));
    await refuses(cwd, ["run", "x.yaml"], message);
  });
}

test("refused with its position: a factor with the name of a column", { timeout }, async () => {
  await writeFile(join(cwd, "x.yaml"), `${yaml}factors:\n  replication: {a: {servers: 1}, b: {servers: 2}}\n`);
  await refuses(cwd, ["run", "x.yaml"], /x\.yaml:\d+:3 factors\.replication would be two columns of/);
});

test("refused with its line: a user's spooler that throws", { timeout }, async () => {
  const verbs = "open() {}, enterAlteration() {}, leaveAlteration() {}, close() { throw new Error('boom'); }";
  await writeFile(join(cwd, "mine.mjs"), `export default {\n  name: "mine", meaning: "throws", ${verbs},\n};\n`);
  for (const workers of ["1", "2"]) {
    const words = ["run", "alter-rate", "--quick", "--set", "spooler=./mine.mjs", "--out", "out", "--workers", workers];
    await refuses(cwd, words, /mine\.mjs:2:\d+ boom \(design point \d, replication \d, servers /);
  }
});

test("refused: a folder with the name of an experiment file", { timeout }, async () => {
  await mkdir(join(cwd, "x.yaml"));
  await refuses(cwd, ["run", "x.yaml"], /x\.yaml cannot be read: it is a folder/);
});

test("refused: results that cannot be written", { timeout }, async () => {
  await writeFile(join(cwd, "file"), "");
  await refuses(cwd, [...tiny, "--out", "file/below"], /file\/below cannot hold results: it is, or lies below, a file/);
});

test("refused: a folder with foreign files; --force keeps them", { timeout }, async () => {
  await mkdir(join(cwd, "out"));
  await writeFile(join(cwd, "out", "letter.txt"), "Dear all");
  await refuses(cwd, [...tiny, "--out", "out"], /out holds files without a manifest of ours; .*--out.*--force/);
  assert.equal((await spoolsim(cwd, ...tiny, "--out", "out", "--force")).status, 0);
  assert.equal(await readFile(join(cwd, "out", "letter.txt"), "utf8"), "Dear all");
});

test("refused: other results, which --force replaces; the same results are accepted", { timeout }, async () => {
  const digest = async () => JSON.parse(await readFile(join(cwd, "results/mm1/manifest.json"), "utf8")).digest;
  assert.equal((await spoolsim(cwd, ...tiny)).status, 0);
  const first = await digest();
  await refuses(cwd, [...tiny, "--seed", "2"], /results\/mm1 holds other results \(mm1, seed mm1, .*\); .*--force/);
  assert.equal(await digest(), first);
  assert.equal((await spoolsim(cwd, ...tiny, "--seed", "2", "--force")).status, 0);
  assert.notEqual(await digest(), first);
  const again = await spoolsim(cwd, ...tiny, "--seed", "2");
  assert.deepEqual([again.status, again.stderr], [0, ""]);
  assert.ok((await filesBelow(cwd)).every((name) => !name.includes(".partial")));
});

test("refused: a leak that does not exist", { timeout }, () =>
  refuses(shared, ["explain", results, "--at", "site=mainframe", "--leak", "9999"], /leak 9999 .*has \d+/),
);

test("refused: a trace to a file that exists", { timeout }, async () => {
  await writeFile(join(cwd, "trace.csv"), "mine");
  await refuses(cwd, ["trace", "mm1", "--quick", "--out", "trace.csv"], /--out trace\.csv exists already/);
  assert.equal(await readFile(join(cwd, "trace.csv"), "utf8"), "mine");
});

const cached = async () => (await filesBelow(cwd)).filter((name) => /\.cache\/..\/[0-9a-f]{62}$/.test(name)).length;

for (const [workers, signal, code] of [
  ["1", "SIGINT", 130],
  ["2", "SIGTERM", 143],
] as const) {
  test(`${signal} soon ends a run on ${workers} threads, exit code ${code}, nothing left`, { timeout }, async () => {
    const instant = { signal, count: 3, file: CACHED };
    const { status, stdout, stderr } = await startSignalled(cwd, instant, [...long, "--workers", workers]).ended;
    assert.deepEqual([status, stdout, stderr], [code, "", interrupted]);
    // The cache keeps what was computed.
    const kept = await cached();
    assert.ok(kept >= 3 && kept < 100, `${kept} of 1600 servers were simulated`);
    await rm(join(cwd, "results"), { recursive: true });
    assert.deepEqual(await filesBelow(cwd), []);
  });
}

test("a killed run leaves no result, and the next run removes its temporary files", { timeout }, async () => {
  const instant = { signal: "SIGKILL", count: 1, file: CACHED } as const;
  assert.equal((await startSignalled(cwd, instant, [...long, "--workers", "1"]).ended).status, null);
  const beside = async () => (await readdir(cwd)).filter((name) => name.startsWith(".")).sort();
  assert.deepEqual(await beside(), [".out.lock", ".out.partial"]);
  assert.equal((await spoolsim(cwd, ...tiny, "--out", "out")).status, 0);
  const names = await readdir(join(cwd, "out"));
  assert.ok(names.includes("manifest.json"));
  assert.deepEqual(await beside(), []);
});

/** 6 design points, 3 replications, 4 servers: 18 runs, of each server by itself. */
const resumable = ["run", "alter-rate", "--replications", "3", "--set", "horizonDays=0.4"];

test("a killed run continues where it was and writes what it would have written", { timeout }, async () => {
  const instant = { signal: "SIGKILL", count: 10, file: CACHED } as const;
  assert.equal((await startSignalled(cwd, instant, [...resumable, "--workers", "2"]).ended).status, null);
  const kept = await cached();
  assert.ok(kept >= 10 && kept < 72, `${kept} of 72 servers were done when it was killed`);
  const resumed = await spoolsim(cwd, ...resumable, "--workers", "2");
  assert.equal(resumed.status, 0);
  const counts = /^(\d+) of 18 runs from the cache(?:, and a part of (\d+))?$/m.exec(resumed.stdout)!;
  const [full, part] = [Number(counts[1]), Number(counts[2] ?? 0)];
  assert.ok(4 * full + part <= kept && kept <= 4 * full + 3 * part, `${counts[0]}: of ${kept} servers`);
  const whole = await spoolsim(cwd, ...resumable, "--out", "whole", "--no-cache", "--workers", "1");
  assert.doesNotMatch(whole.stdout, /cache/);
  assert.deepEqual(await textsOf(join(cwd, "results/alter-rate")), await textsOf(join(cwd, "whole")));
});

test("the cache is listed, used, and cleared", { timeout }, async () => {
  const listed = async (...words: string[]) => (await spoolsim(cwd, "cache", ...words)).stdout;
  assert.equal(await listed(), "results/.cache: 0 runs, 0.0 MB\n");
  assert.doesNotMatch((await spoolsim(cwd, ...tiny)).stdout, /cache/);
  assert.match((await spoolsim(cwd, ...tiny)).stdout, /^4 of 4 runs from the cache$/m);
  assert.match(
    (await spoolsim(cwd, ...tiny, "--force", "--replications", "2")).stderr,
    /--replications is given twice/,
  );
  assert.match(await listed("--list"), /^mm1, mm1, seed mm1: 4 runs, 0\.0 MB\nresults\/\.cache: 4 runs, 0\.0 MB\n$/);
  assert.equal(await listed("--clear"), "4 runs removed from results/.cache\n");
  assert.ok(!existsSync(join(cwd, "results/.cache")));
  const none = await spoolsim(cwd, ...tiny, "--no-cache");
  assert.deepEqual([none.status, existsSync(join(cwd, "results/.cache"))], [0, false]);
  const full = await spoolsim(cwd, ...tiny, "--force", "--cache-max", "0");
  assert.match(full.stderr, /^spoolsim: cache: not all results can be kept: .*; see --cache-max$/m);
  await refuses(cwd, [...tiny, "--cache-max", "much"], /--cache-max is much; it must be a number of gigabytes/);
  await refuses(cwd, [...tiny, "--cache-max", "1", "--no-cache"], /--cache-max has no meaning with --no-cache/);
});

test("parts on several machines, merged into one cache, are enough for a run", { timeout }, async () => {
  const part = async (...words: string[]) => (await spoolsim(cwd, ...tiny, ...words)).stdout;
  assert.equal(
    await part("--part", "1/2", "--cache", "here"),
    "part 1 of 2 is in here: 2 runs, 0 of them already there\n",
  );
  await part("--part", "2/2", "--cache", "there");
  const merged = await spoolsim(cwd, "cache", "merge", "here", "there", "--cache", "all");
  const lines = ["here: 2 runs copied to all, 0 already there", "there: 2 runs copied to all, 0 already there"];
  assert.equal(merged.stdout, `${lines.join("\n")}\n`);
  assert.equal(existsSync(join(cwd, "results")), false);
  assert.match(await part("--cache", "all", "--no-report"), /^4 of 4 runs from the cache$/m);
  assert.equal(existsSync(join(cwd, "results/.cache")), false);
});

test("a malformed part is refused in one line", { timeout }, async () => {
  await refuses(cwd, [...tiny, "--part", "1/2"], /--part needs --cache and a folder/);
  const own = /needs --cache and a folder of its own; other runs remove results from results\/\.cache when it is full/;
  await refuses(cwd, [...tiny, "--part", "1/2", "--cache", "./results/.cache"], own);
  await refuses(cwd, ["cache", "merge", ".", "--cache", "results/.cache/"], own);
  await refuses(cwd, ["cache", "merge", "."], /cache merge needs --cache and a folder, which keeps the results/);
  for (const part of ["0/2", "3/2", "2", "a/b"]) {
    await refuses(cwd, [...tiny, "--part", part, "--cache", "here"], /--part is .*; it must be i\/n with 1 <= i <= n/);
  }
  const useless = ["--force", "--check-determinism", "--priority", "1", "--no-report"];
  const rule = /--part only fills the cache; leave out --force, --check-determinism, --priority, --no-report$/m;
  await refuses(cwd, [...tiny, "--part", "1/2", "--cache", "here", ...useless], rule);
  await refuses(cwd, [...tiny, "--priority", "0"], /--priority has no meaning without --queue/);
  await refuses(cwd, ["cache", "merge", "nowhere"], /nowhere is not a folder; give folders of caches/);
  assert.deepEqual(await filesBelow(cwd), []);
});

test("sensitivity ranks assumptions in a table, a file and words", { timeout }, async () => {
  const words = [
    "sensitivity",
    "q223863",
    "--at",
    "site=mainframe",
    "--days",
    "0.1",
    "--trajectories",
    "2",
    "--set",
    "dcsMax=16",
    "--workers",
    "1",
  ];
  const few = [...words, "--rows", "2", "--top", "2", "--page", "sensitivity.html"];
  const { status, stdout } = await spoolsim(cwd, ...few);
  assert.equal(status, 0);
  assert.ok(existsSync(join(cwd, "sensitivity.html")));
  assert.match(stdout, /^What matters for processorsLeaked, minus that at site=mainframe,spooler=fixed\?/m);
  assert.match(
    stdout.replace(/\s+/g, " "),
    /with 95 % intervals; with 2 rows, they hold in some 90 % of cases or fewer/,
  );
  assert.match(stdout, /│ jobsPerDay .* †.*\n/);
  assert.match(stdout, /^† a resource ran out at a value that was tried/m);
  assert.match(stdout, /^- A resource ran out at both values of jobsPerDay \(1 of 2 changes\)/m);
  assert.match(stdout, /^- What matters most is |^- No assumption stands out/m);
  assert.match(stdout, /^- Within these ranges the conclusion does not change|^- In \d+ of \d+ settings /m);
  const found = await rows(join(cwd, "results/q223863-sensitivity/sensitivity.csv"));
  assert.ok(found.length > 40 && found.at(-1)?.assumption === "chance");
  const effects = found.slice(0, -1).map(({ muStar }) => Number(muStar));
  assert.ok(effects[0] > 0 && effects.every((effect, i) => i === 0 || effect <= effects[i - 1]));
  await refuses(cwd, few, /sensitivity\.csv exists already; .*--force/);
  await refuses(
    cwd,
    [...words, "--response", "processors", "--out", "o"],
    /--response is processors; one of jobsSubmitted/,
  );
  await refuses(cwd, [...words, "--factor", "1", "--out", "o"], /--factor/);
});

test("verify computes again what the cache holds", { timeout }, async () => {
  await spoolsim(cwd, ...tiny);
  const entries = (await filesBelow(join(cwd, "results/.cache"))).filter((name) => name.length > 3);
  const had = await Promise.all(entries.map((name) => readFile(join(cwd, "results/.cache", name))));
  for (const name of entries) await writeFile(join(cwd, "results/.cache", name), "damaged");
  assert.match((await spoolsim(cwd, "verify", "results/mm1")).stdout, /every byte the same/);
  for (const name of entries) assert.equal(await readFile(join(cwd, "results/.cache", name), "utf8"), "damaged");
  assert.doesNotMatch((await spoolsim(cwd, ...tiny)).stdout, /cache/);
  for (const [i, name] of entries.entries()) {
    assert.deepEqual(await readFile(join(cwd, "results/.cache", name)), had[i]);
  }
});

test("a user's spooler runs by its path and leaks as written", { timeout }, async () => {
  const verbs = "open() {}, enterAlteration() {}, leaveAlteration() {}, close() {}";
  const spooler = `export default { name: "careless", meaning: "never closes anything", ${verbs} };\n`;
  await writeFile(join(cwd, "my-spooler.mjs"), spooler);
  const { status, stderr } = await spoolsim(
    cwd,
    "run",
    "alter-rate",
    "--servers",
    "1",
    "--replications",
    "1",
    "--set",
    "horizonDays=0.35",
    "--set",
    "spooler=./my-spooler.mjs",
    "--workers",
    "2",
  );
  assert.deepEqual([status, stderr], [0, ""]);
  const servers = await rows(join(cwd, "results/alter-rate/servers.csv"));
  assert.equal(servers.length, 6);
  for (const { processorsLeaked, processorsClosed } of servers) {
    assert.ok(Number(processorsLeaked) > 0);
    assert.equal(processorsClosed, "0");
  }
});

test("a user's model runs by its path, from YAML to tables, trace and verification", { timeout }, async () => {
  await writeFile(join(cwd, "ticks.mjs"), userModel("none", true));
  const scenario = "{model: ./ticks.mjs, servers: 3, horizonDays: 0.02, parameters: {gapSecondsMax: 30}}";
  const experiment = `question: Ticks?\nseed: 1\nreplications: 2\nscenario: ${scenario}\n`;
  await writeFile(join(cwd, "my.yaml"), `${experiment}factors: {gapSecondsMax: [30, 60]}\n`);
  const run = await spoolsim(cwd, "run", "my.yaml", "--workers", "2", "--no-cache");
  assert.deepEqual([run.status, run.stderr], [0, ""]);
  const servers = await rows(join(cwd, "results/my/servers.csv"));
  assert.deepEqual([servers.length, Object.keys(servers[0]).includes("luck")], [2 * 2 * 3, true]);
  const trace = await spoolsim(cwd, "trace", "my.yaml", "--server", "1");
  assert.equal(parse(trace.stdout, { columns: true }).length, Number(servers[1].events));
  assert.match(
    (await spoolsimAlone(cwd, "verify", "results/my", "--trust", "ticks.mjs", "--workers", "1")).stdout,
    /every byte the same/,
  );
});

for (const workers of ["1", "2"]) {
  test(`a broken invariant on ${workers} threads gives exit code 70 and a line that replays it`, {
    timeout,
  }, async () => {
    await writeFile(join(cwd, "ticks.mjs"), userModel("check"));
    const scenario = "{model: ./ticks.mjs, servers: 2, horizonDays: 0.1, sampleEveryHours: 1}";
    await writeFile(join(cwd, "my.yaml"), `question: Ticks?\nseed: 1\nreplications: 2\nscenario: ${scenario}\n`);
    const had = await filesBelow(cwd);
    const words = ["run", "my.yaml", "--set", "gapSecondsMax=50", "--workers", workers, "--out", "out", "--no-cache"];
    const run = await spoolsim(cwd, ...words);
    assert.deepEqual([run.status, run.stdout], [70, ""]);
    const [message, replay, end] = run.stderr.split("\n");
    assert.match(message, /^spoolsim: broken invariant: ticks is \d+, .* \(design point 0, replication \d, .* us\)$/);
    assert.match(replay, /^replay: spoolsim replay my\.yaml --replication \d --set gapSecondsMax=50$/);
    assert.equal(end, "");
    assert.deepEqual(await filesBelow(cwd), had);
    const again = await spoolsim(cwd, ...replay.split(" ").slice(2));
    assert.equal(again.status, 70);
    assert.match(again.stderr, /^spoolsim: broken invariant: ticks is/);
  });
}

test("refused with its line and its run: a user's model that throws", { timeout }, async () => {
  await writeFile(join(cwd, "ticks.mjs"), userModel("handle"));
  const scenario = "{model: ./ticks.mjs, horizonDays: 0.1}";
  await writeFile(join(cwd, "my.yaml"), `question: Ticks?\nseed: 1\nscenario: ${scenario}\n`);
  for (const workers of ["1", "2"]) {
    const message =
      /ticks\.mjs:\d+:\d+ ticks ran out \(.*, at last\) \(design point 0, replication (\d), .*replay my\.yaml --replication \1$/m;
    await refuses(cwd, ["run", "my.yaml", "--workers", workers, "--no-cache"], message);
  }
});

test("describe explains models, spoolers and experiments, and the inputs and outputs of a model", {
  timeout,
}, async () => {
  const overview = await spoolsim(cwd, "describe");
  assert.equal(overview.status, 0);
  for (const name of ["print-servers", "mm1", "sticky-guard", "hold-and-release", ...(await shippedExperiments())]) {
    assert.match(overview.stdout, new RegExp(`^ *${name}\\b`, "m"));
  }
  const model = await spoolsim(cwd, "describe", "print-servers");
  for (const word of ["controlMsMedian", "processorsLeaked", "leaksPerControlEntry", "Q223863"]) {
    assert.ok(model.stdout.includes(word), word);
  }
  const named: Readonly<Record<string, RegExp>> = {
    controlMsMedian: /^Parameter of print-servers\n {2}controlMsMedian \[ms\], default/m,
    processorsLeaked: /^Response of print-servers\n {2}processorsLeaked \[1\], leak\n/m,
    waitUsMean: /^Mean of mm1\n {2}waitUsMean \[us\], waitUs \/ customersStarted\n/m,
    office: /^Site of print-servers, which sets\n {2}office\n/m,
    buggy: /^Spooler of print-servers\n {2}buggy\n/m,
    q223863: /^Experiment \(spoolsim run q223863\)\n {2}q223863\n/m,
    horizonDays: /^Of every scenario\n {2}horizonDays \[d\]/m,
    jobsPerDay: /jobs submitted to each server on a full working day/,
  };
  for (const [name, text] of Object.entries(named)) {
    const { status, stdout } = await spoolsim(cwd, "describe", name);
    assert.equal(status, 0);
    assert.match(stdout, text);
  }
  for (const { stdout } of [overview, model]) {
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  }
});

test("validate prints a line for each target with its verdict first, and writes them as CSV", { timeout }, async () => {
  const { status, stdout, stderr } = await spoolsim(cwd, "validate", "Erlang's formulas", "--out", "validation.csv");
  assert.deepEqual([status, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  const table = rows(join(cwd, "validation.csv"));
  const { length } = await table;
  for (const line of lines.slice(0, length))
    assert.match(line, /^pass {2}(31| {2}) {2}\S.*\d\.\d+ .* <= .* {2}computed from Erlang's formulas/);
  const [verdict, computed, simulated, ...rest] = lines.slice(length);
  assert.deepEqual([verdict, rest], [`all ${length} targets met`, []]);
  const counts = [computed, simulated].map((line) => Number(/^(\d+) (computed|simulated)/.exec(line)?.[1]));
  assert.equal(counts[0] + counts[1], length);
  assert.match(simulated, /misses one or more of the catalogue's \d+ simulated targets for at most 1 seed in 1000\.$/);
  for (const { verdict, number, kind } of await table) {
    assert.equal(verdict, "pass");
    assert.ok(["31", ""].includes(number) && ["formula", "simulation"].includes(kind));
  }
});

test("validate explains why a number has no target", { timeout }, async () => {
  const { status, stdout } = await spoolsim(cwd, "validate", "23");
  assert.equal(status, 0);
  assert.match(stdout, /^skip {2}23 {2}Philox4x32-10: a generator that the program does not use \(Random123\)\n$/);
});

test("explain describes a leak in the words of the article, with the counts of servers.csv", { timeout }, async () => {
  const words = ["explain", results, "--at", "site=mainframe", "--server", "1"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  const leaks = /^Leak 1 of (\d+) on server 1 /.exec(stdout)?.[1];
  const row = (await rows(join(shared, results, "servers.csv"))).find(
    ({ site, spooler, replication, server }) => [site, spooler, replication, server].join() === "mainframe,buggy,0,1",
  );
  assert.equal(leaks, row?.processorsLeaked);
  assert.match(stdout.replace(/\s+/g, " "), /the logic indicates the function is being re-entered/);
});

test("trace writes every event of the servers, to a file or the standard output", { timeout }, async () => {
  const words = ["trace", results, "--at", "site=office,spooler=fixed", "--server", "1", "--replication", "1"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words);
  assert.deepEqual([status, stderr], [0, ""]);
  const row = (await rows(join(shared, results, "servers.csv"))).find(
    ({ site, spooler, replication, server }) => [site, spooler, replication, server].join() === "office,fixed,1,1",
  );
  assert.ok(Number(row?.events) > 100);
  assert.equal(parse(stdout, { columns: true }).length, Number(row?.events));
  const file = join(cwd, "trace.csv");
  assert.deepEqual(await spoolsim(shared, ...words, "--out", file), { status: 0, stdout: "", stderr: "" });
  assert.equal(await readFile(file, "utf8"), stdout);
});

test("explain ends with the command that writes the timeline of its server for a viewer", { timeout }, async () => {
  const words = ["explain", results, "--at", "site=mainframe", "--server", "1"];
  const command = (await spoolsim(shared, ...words)).stdout.trimEnd().split("\n").at(-1)!.split(" ");
  assert.equal(command[0], "spoolsim");
  const file = join(cwd, "timeline.json");
  const { status, stderr } = await spoolsim(shared, ...command.slice(1, -1), file);
  assert.deepEqual([status, stderr], [0, ""]);
  const { traceEvents } = JSON.parse(await readFile(file, "utf8")) as { traceEvents: { name: string }[] };
  assert.ok(traceEvents.some(({ name }) => name === "the logic indicates the function is being re-entered"));
});

test("the printed command lists every change to the experiment", { timeout }, async () => {
  const args = ["--seed", "b", "--servers", "2", "--quick", "--set", "printers=7", "--only", "site=mainframe"];
  const { stdout } = await spoolsim(shared, "explain", "q223863", ...args);
  const command = stdout.trimEnd().split("\n").at(-1)!;
  assert.equal(command, `spoolsim trace q223863 --server 0 ${args.join(" ")} --format perfetto --out server-0.json`);
});

test("export writes what Performance Monitor would have logged for a server", { timeout }, async () => {
  const words = ["export", results, "--format", "pdh-csv", "--server", "1", "--every", "900"];
  const { status, stdout, stderr } = await spoolsim(shared, ...words, "--zone", "Paris, Madrid");
  assert.deepEqual([status, stderr], [0, ""]);
  const [header, ...log] = parse(stdout) as string[][];
  assert.equal(header[0], "(PDH-CSV 4.0) (Paris, Madrid)(0)");
  assert.equal(header[1], "\\\\PRN0001\\Process(spoolss)\\Private Bytes");
  assert.equal(log.length, Math.ceil(0.35 * 96));
  const row = (await rows(join(shared, results, "servers.csv"))).find(({ server }) => server === "1");
  assert.deepEqual(log.at(-1)!.slice(1, 4), [row?.privateBytes, row?.handles, row?.pagedPoolBytes]);
});

test("export writes Parquet next to the tables, and verify ignores it", { timeout }, async () => {
  await spoolsim(cwd, ...tiny);
  const { status, stdout, stderr } = await spoolsim(cwd, "export", "results/mm1", "--format", "parquet");
  assert.deepEqual([status, stderr], [0, ""]);
  const names = (await filesBelow(join(cwd, "results/mm1"))).filter((name) => name.endsWith(".parquet"));
  assert.equal(stdout.trim().split(": ")[1].split(", ").sort().join(), names.join());
  assert.ok(names.includes("servers.parquet"));
  assert.equal((await spoolsim(cwd, "verify", "results/mm1", "--workers", "1")).status, 0);
  // The same results again are still no news.
  assert.equal((await spoolsim(cwd, ...tiny)).status, 0);
});

test("a reader of a trace may stop reading", { timeout }, async () => {
  const { child, ended } = start(cwd, ["trace", "mm1", "--server", "0", "--set", "horizonDays=1"]);
  // Its output ends too early for whoever waits for all of it.
  ended.catch(() => undefined);
  child.stdout!.once("data", () => child.stdout!.destroy());
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("the command of a row of runs.csv replays it to the same digest", { timeout }, async () => {
  const run = (await rows(join(shared, results, "runs.csv"))).at(-1)!;
  const { status, stdout } = await spoolsim(join(shared, results), ...run.replay.split(" ").slice(1));
  assert.deepEqual([status, stdout], [0, `${run.events} events, digest ${run.digest}\n`]);
});

test("verify accepts unchanged results, and reports a change with exit code 1", { timeout }, async () => {
  const same = await spoolsim(shared, "verify", results, "--workers", "2");
  assert.deepEqual([same.status, same.stderr], [0, ""]);
  assert.match(same.stdout, /^results\/q223863: 9 files compared, every byte the same; digest x[0-9a-f]{16}\n$/);
  await spoolsim(cwd, ...tiny);
  const file = join(cwd, "results/mm1/servers.csv");
  await writeFile(file, (await readFile(file, "utf8")).replace(/[0-9a-f]\n$/, "x\n"));
  const changed = await spoolsim(cwd, "verify", "results/mm1", "--sample", "4");
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /servers\.csv has sha256 .*\n.*servers\.csv line 5: spoolsim replay .* another row\n$/);
});

test("a run writes a page of its results unless told not to, and report writes it again", { timeout }, async () => {
  await spoolsim(cwd, ...tiny, "--no-report");
  assert.ok(!(await readdir(join(cwd, "results/mm1"))).includes("report.html"));
  const { status, stdout, stderr } = await spoolsim(cwd, "report", "results/mm1", "--svg", "--out", "pictures");
  assert.deepEqual([status, stderr], [0, ""]);
  const made = stdout.trim().split("\n");
  assert.equal(made[0], "results/mm1/report.html");
  assert.ok(made.includes("pictures/means-waitUsMean.svg"));
  for (const file of made) assert.ok(existsSync(join(cwd, file)), file);
  await spoolsim(cwd, ...tiny);
  assert.match(await readFile(join(cwd, made[0]), "utf8"), /<h1>Does the simulated mean wait/);
  await spoolsim(cwd, ...tiny, "--no-report");
  assert.ok(!existsSync(join(cwd, made[0])), "a page of the former manifest does not stay");
  const nowhere = await spoolsim(cwd, "report", "nowhere");
  assert.deepEqual([nowhere.status, nowhere.stdout], [2, ""]);
  assert.match(nowhere.stderr, /^spoolsim: nowhere holds no results: [^\n]*\n$/);
});
