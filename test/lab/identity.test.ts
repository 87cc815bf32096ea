/** lab/identity.ts: what results are results of. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { filesOf, identityOf, scenarioIdentity, userModulesOf } from "../../lab/identity.ts";
import type { Scenario } from "../../lab/experiment/scenario.ts";
import { programFolder } from "../../lab/program.ts";

/** SHA-256 of "abc": FIPS 180-2, appendix B.1. */
const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "spoolsim-identity-"))));
afterEach(() => rm(folder, { recursive: true }));

function scenarioOf(file: string): Scenario {
  const parameters = { spooler: join(folder, file), site: "office" };
  return { model: "print-servers", servers: 1, horizonDays: 1, sampleEveryHours: 1, parameters };
}

/** The identity of a scenario with this module, and why its bytes may not be all. */
async function known(file: string): Promise<{ identity: string; unknown: string | undefined }> {
  const scenario = scenarioOf(file);
  const modules = await userModulesOf([scenario]);
  const { unknown } = modules.get(join(folder, file))!;
  return { identity: identityOf(scenarioIdentity(scenario, modules)), unknown };
}

test("a module is identified by its bytes, wherever it lies", async () => {
  await writeFile(join(folder, "a.mjs"), "abc");
  const first = await known("a.mjs");
  assert.deepEqual(filesOf(await userModulesOf([scenarioOf("a.mjs")])), [
    { path: join(folder, "a.mjs"), sha256: SHA256_OF_ABC },
  ]);
  await mkdir(join(folder, "else"));
  await rename(join(folder, "a.mjs"), join(folder, "else", "b.mjs"));
  assert.deepEqual(await known("else/b.mjs"), first);
  await writeFile(join(folder, "else", "b.mjs"), "abd");
  assert.notEqual((await known("else/b.mjs")).identity, first.identity);
});

test("a user's modules that a module imports are part of it", async () => {
  await writeFile(join(folder, "c.mjs"), "export const c = 1;");
  await writeFile(join(folder, "b.mjs"), 'export * from "./c.mjs";\nexport const b = 1;');
  await writeFile(join(folder, "a.mjs"), 'import { b, c } from "./b.mjs";\nexport default b + c;');
  const first = await known("a.mjs");
  assert.equal(first.unknown, undefined);
  assert.equal(filesOf(await userModulesOf([scenarioOf("a.mjs")])).length, 3);
  await writeFile(join(folder, "c.mjs"), "export const c = 2;");
  const second = await known("a.mjs");
  assert.equal(second.unknown, undefined);
  assert.notEqual(second.identity, first.identity);
});

test("a module behind a symbolic link is identified by its own imports, which lie next to the module and not the link", async () => {
  const [real, other] = [join(folder, "real"), join(folder, "other")];
  for (const [place, value] of [
    [real, 1],
    [other, 2],
  ] as const) {
    await mkdir(place);
    await writeFile(join(place, "b.mjs"), `export const b = ${value};`);
  }
  await writeFile(join(real, "a.mjs"), 'import { b } from "./b.mjs";\nexport default b;');
  await symlink(join(real, "a.mjs"), join(other, "a.mjs"));
  const first = await known("real/a.mjs");
  assert.deepEqual(await known("other/a.mjs"), first);
  await writeFile(join(real, "b.mjs"), "export const b = 3;");
  assert.notEqual((await known("other/a.mjs")).identity, first.identity);
});

test("a reference outside makes a module unidentifiable, and is named", async () => {
  const file = join(folder, "a.mjs");
  const cases: [text: string, unknown: string | undefined][] = [
    ['import { readFileSync } from "node:fs";', "imports node:fs"],
    ['export { x } from "lodash";', "imports lodash"],
    ['const x = await import("./b.mjs");', "names import"],
    ["export default { at: Date.now() };", "names Date"],
    ["export default Math.random();", "names Math.random"],
    ["const { random } = Math;", "names Math"],
    ['export default Math["random"]();', "names Math"],
    ["export default Intl.DateTimeFormat().format();", "names Intl"],
    ["export default (1.5).toLocaleString();", "names toLocaleString"],
    ["export default Math.sqrt(2); // important", undefined],
  ];
  for (const [text, unknown] of cases) {
    await writeFile(file, text);
    assert.equal((await known("a.mjs")).unknown, unknown && `${file} ${unknown}`);
  }
});

test("the program's modules that a module imports are identified by the program's build", async () => {
  const file = join(programFolder, "dist", "identity-test.mjs");
  await writeFile(file, 'import { mm1 } from "spoolsim/models";\nexport default mm1;');
  try {
    assert.equal(
      (await userModulesOf([{ ...scenarioOf(""), model: file }].map((one) => ({ ...one, parameters: {} })))).get(file)!
        .unknown,
      undefined,
    );
  } finally {
    await rm(file);
  }
});
