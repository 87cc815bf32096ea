/** cli/refusal.ts: a wrong command line gets one line that names the place, the value and the rule. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "../../cli/commands.ts";
import { folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { tiny, timeout } from "../support/spoolsim.ts";

let folder: string;
folderForEachTest(async (made) => {
  folder = made;
  await writeFile(join(folder, "FILE"), "");
});

const lists = "spoolsim --help lists the commands";
const spaces = "an argument with spaces needs quotes";
const give = "give a folder that spoolsim run or spoolsim import has written";

const refusals: Record<string, [line: string, message: string]> = {
  "an unknown command": ["frobnicate", `there is no command frobnicate; ${lists}`],
  "an unknown command before a known one": ["foo run", `there is no command foo; ${lists}`],
  "an unknown command with --help": ["compare --help", `there is no command compare; ${lists}`],
  "an unknown command after --version": ["--version foo", `there is no command foo; ${lists}`],
  "a misspelt command, with its arguments": ["runn mm1", "there is no command runn; did you mean run?"],
  "an option without a command": ["--quick", `no command stands before --quick; ${lists}`],
  "a misspelt option without a command": ["--versionn", "no command stands before --versionn; did you mean --version?"],
  "a misspelt option": ["run q223863 --outt x", "--outt is not an option of run; did you mean --out?"],
  "a misspelt option, and a missing argument": [
    "explain --serverr 1",
    "--serverr is not an option of explain; did you mean --server?",
  ],
  "a misspelt option that is required": [
    "cluster slurm mm1 --taks 2 --out x",
    "--taks is not an option of cluster; did you mean --tasks?",
  ],
  "a misspelt option of a subcommand": [
    "cache merge . --cahce x",
    "--cahce is not an option of cache merge; did you mean --cache?",
  ],
  "a misspelt option with its value": [
    "run mm1 --sevrers=3",
    "--sevrers is not an option of run; did you mean --servers?",
  ],
  "the first of two unknown options": [
    "run mm1 --foo --bar",
    "--foo is not an option of run; spoolsim run --help lists them",
  ],
  "an option in capitals": ["run mm1 --Quick", "--Quick is not an option of run; did you mean --quick?"],
  "an option with one dash": ["run mm1 -quick", "-quick is not an option of run; did you mean --quick?"],
  "an option with the dash of a word processor": [
    "run mm1 —quick",
    "—quick is not an option of run; did you mean --quick?",
  ],
  "an option with a point": [
    "run mm1 --set.servers=1",
    "--set.servers is not an option of run; spoolsim run --help lists them",
  ],
  "a price given as an option": [
    "advise restart-or-patch --staff-hour 80",
    "--staff-hour is not an option of advise; a price is --price staffHour=...",
  ],
  "a server of a command that takes servers": [
    "advise restart-or-patch --server 3",
    "--server is not an option of advise; did you mean --servers?",
  ],
  "a missing experiment": ["advise", "<experiment> is missing; the command is spoolsim advise <experiment>"],
  "an option without its value": ["run mm1 --out", "--out needs a value"],
  "an option in place of a value": ["run mm1 --set --quick", "--set needs a value"],
  "an option whose value is empty": ["run mm1 --out=", "--out is empty; it takes a value"],
  "an option with a value that takes none": ["run mm1 --quick=3", "--quick is 3; it takes no value"],
  "an option that is negated though it takes a value": [
    "run mm1 --no-seed",
    "--no-seed is not an option; --seed takes a value",
  ],
  "a list that is negated": ["run mm1 --no-set", "--no-set is not an option; --set takes a value"],
  "a choice that is negated": ["export mm1 --no-format", "--no-format is not an option; --format takes a value"],
  "a name that is negated": ["init --no-model", "--no-model is not an option; --model takes a value"],
  "an argument that begins with the command's name": [
    "run q223863 runs",
    `runs is one argument too many; the command is spoolsim run <experiment>; ${spaces}`,
  ],
  "an argument too many": [
    "validate Erlang's formulas",
    `formulas is one argument too many; the command is spoolsim validate [word]; ${spaces}`,
  ],
  "a missing argument": ["query FILE", "<sql> is missing; the command is spoolsim query <results> <sql>"],
  "a missing argument of a subcommand": [
    "cache merge",
    "<from..> is missing; the command is spoolsim cache merge <from..>",
  ],
  "a missing argument, with the name of a command": [
    "query report",
    "<sql> is missing; the command is spoolsim query <results> <sql>",
  ],
  "an argument behind --": [
    "run -- mm1",
    "<experiment> is missing; the command is spoolsim run <experiment>; arguments come before --",
  ],
  "missing options": ["cluster slurm mm1", "--tasks and --out are missing; spoolsim cluster --help says more"],
  "an unknown choice of an argument": [
    "cluster slrum mm1 --tasks 2 --out x",
    "<engine> is slrum; it is one of slurm, parallel, kubernetes, htcondor; did you mean slurm?",
  ],
  "an unknown choice of an option": ["trace mm1 --format svg", "--format is svg; it is one of csv, perfetto"],
  "options that exclude each other": ["cache --clear --list", "--list and --clear exclude each other"],
  "a number that is none": ["trace mm1 --quick --server x", "--server is x; it must be a whole number in [0, 0]"],
  "a number below a range without an end": ["explain mm1 --leak 0", "--leak is 0; it must be a whole number >= 1"],
  "levels without a factor": [
    "replay mm1 --at serviceLaw",
    "--at serviceLaw: levels are written as factor=level,factor=level",
  ],
  "a file in place of results": ["forecast FILE", `FILE holds no results: it is a file; ${give}`],
  "an experiment in place of results": ["detect q223863", `q223863 holds no results: it does not exist; ${give}`],
  "results that nobody imports": [
    "verify FILE",
    "FILE holds no results: it is a file; give a folder that spoolsim run has written",
  ],
  "a folder that is no clone": [
    "diff q223863 --program nowhere",
    `--program nowhere is not a built clone of spoolsim: ${join("nowhere/dist/lab/experiment/scenario.js")} does not exist`,
  ],
};

for (const [fault, [line, message]] of Object.entries(refusals)) {
  test(`one line, with the place, the value and the rule: ${fault}`, () => refuses(folder, line.split(" "), message));
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
    / [GT]B of memory .*; use a shorter horizon/,
  ],
  "a wave larger than the fleet": [
    ["run", "rollout-hazard", "--set", "waveServers=50"],
    /^spoolsim: --set waveServers=50: scenario\.parameters\.waveServers is 50; .* the fleet, which has 20$/m,
  ],
  "an unknown factor": [["explain", "q223863", "--at", "color=red"], /color is not a factor .*: site, spooler/],
  "an unknown level": [["explain", "q223863", "--at", "site=moon"], /moon is not a level of site; .*mainframe/],
  "two levels of a factor": [["replay", "q223863", "--at", "site=office,site=mainframe"], /site is given twice/],
  "a replication before the first": [["replay", "mm1", "--replication", "-1"], /--replication is -1/],
  "a replication after the last": [["replay", "mm1", "--replication", "99"], /--replication is 99; .* \[0, 9\]$/m],
  "a replication after the last, in a trace": [
    ["trace", "mm1", "--replications", "3", "--replication", "3"],
    /--replication is 3; it must be a whole number in \[0, 2\]$/m,
  ],
  "a replication after the last, of the second run": [
    ["diff", "rejuvenation-huang", "mm1", "--replication", "19"],
    /--replication is 19; /,
  ],
  "replications of which some are after the last": [
    ["export", "mm1", "--series", "--replications", "3", "--replication", "0-3"],
    /--replication has 3; the replications are 0 to 2$/m,
  ],
  "no time between two lines": [
    ["export", "mm1", "--format", "pdh-csv", "--every", "0s"],
    /--every is 0s; it must be a time from 1s to 36600d, such as 300, 5m or 1h$/m,
  ],
  "a very long time between two lines": [
    ["export", "mm1", "--series", "--every", "99999999999d"],
    /--every is 99999999999d; it must be a time from 1s to 36600d, such as 300, 5m or 1h$/m,
  ],
  "an unknown server": [["trace", "mm1", "--quick", "--server", "99"], /--server is 99; .* \[0, 0\]/],
  "a story of a model without a narrative": [
    ["explain", "mm1", "--quick"],
    /^spoolsim: mm1 has no narrative, which explain needs; spoolsim trace writes the events of a server$/m,
  ],
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
  "a word that matches no target": [
    ["validate", "astrology"],
    /"astrology"; no target has it in its topic, .*; topics: queues, /,
  ],
  "a validation to a missing folder": [
    ["validate", "38", "--out", "no/v.csv"],
    /--out no\/v\.csv cannot be written: its folder does not exist/,
  ],
  "a file for a model that init names itself": [
    ["init", "x.yaml", "--model", "mine"],
    /x\.yaml; --model mine names the files/,
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
    /a weight is a number above 0 and at most 1e6, not 0/,
  ],
  "advice into an existing file": [["advise", "restart-or-patch", "--out", "."], /--out \. exists already/],
  "advice from one replication": [["advise", "restart-or-patch", "--replications", "1"], /at least 2 replications/],
  "results without a manifest": [["verify", "."], /holds no results/],
};

for (const [mistake, [words, message]] of Object.entries(mistakes)) {
  test(`refused: ${mistake}`, { timeout }, () => refuses(folder, words, message));
}

/** Options without which a command is refused for their want. */
const required: Readonly<Record<string, readonly string[]>> = {
  rare: ["--where", "jobsPrinted > 1"],
  cluster: ["--tasks", "2", "--out", "x"],
  work: ["--queue", "x"],
  queue: ["--queue", "x"],
};

for (const [name, { usage }] of Object.entries(commands)) {
  test(`${name} names a misspelt option, an argument too many and missing arguments`, async () => {
    const needed = usage.match(/<[^>]+>/g) ?? [];
    const isOpen = usage.includes("..");
    await refuses(folder, [name, "--zzz"], `--zzz is not an option of ${name}; spoolsim ${name} --help lists them`);
    if (needed.length > 0) {
      const missing = `${needed.join(" and ")} ${needed.length === 1 ? "is" : "are"} missing`;
      await refuses(folder, [name], `${missing}; the command is spoolsim ${usage}`);
    }
    if (isOpen) return;
    const many = Array.from({ length: usage.split(" ").length }, (_, i) => `a${i}`);
    await refuses(
      folder,
      [name, ...many, ...(required[name] ?? [])],
      `${many.at(-1)} is one argument too many; the command is spoolsim ${usage}; ${spaces}`,
    );
  });
}
