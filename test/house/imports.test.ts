/** Rules of the house: what may import what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barrelsAreForOthers,
  browsersGetNoNode,
  importsDoNotCircle,
  packagesHaveOneDoor,
  referenceSharesNothing,
  spoolersCannotDraw,
} from "./imports.ts";
import { each, read, rule } from "./rule.ts";

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
