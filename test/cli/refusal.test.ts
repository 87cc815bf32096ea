/** cli/refusal.ts: a wrong command line gets one line that names the place, the value and the rule. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "../../cli/commands.ts";
import { folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";

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
