/** Rules of the house: names, and the words of the glossary. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../models/catalogue.ts";
import type { Model } from "../../models/model.ts";
import { modelsSpeakForThemselves, namesSaySomething, optionsAreOfCommands, wordsAreOfTheGlossary } from "./names.ts";
import { each, read, rule } from "./rule.ts";

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
    "lab/a.ts": "/** --at */\nconst a = `--at ${b}: wrong`;\nconst c = i--;\nconst d = `${e}; use --force`;\n",
    "models/b.ts": 'const a = "x --y z";\nconst b = "a--b, ---";\n',
    "cli/c.ts": 'const a = "--at";\n',
  },
  ["lab/a.ts:2", "lab/a.ts:4", "models/b.ts:1"],
);
