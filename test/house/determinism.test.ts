/** A rule of the house: chance, time and last bits come from sim. */
import { nothingIsLeftToTheEngine } from "./determinism.ts";
import { each, rule } from "./rule.ts";

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
