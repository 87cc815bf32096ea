/** lab/results/manifest.ts */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readManifest, resultsIdentity, verifyHashes, type Manifest } from "../../../lab/results/manifest.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { otherPlan, plan } from "../../support/fake-results.ts";

/** SHA-256 of "abc": FIPS 180-2, appendix B.1. */
const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-manifest-"));
});

after(() => rm(folder, { recursive: true }));

const NONE = new Map();

test("exactly what determines the bytes determines the identity", () => {
  const identity = resultsIdentity(plan, "1.0.0", NONE);
  const [buggy, fixed] = plan.points;
  const { experiment } = plan;
  const { compare: _, ...alone } = experiment;
  const others: Plan[] = [
    otherPlan,
    { ...plan, experiment: { ...experiment, replications: 3 } },
    { ...plan, experiment: { ...experiment, factors: [...experiment.factors].reverse() } },
    { ...plan, experiment: alone },
    { ...plan, points: [buggy, { ...fixed, scenario: { ...fixed.scenario, horizonDays: 3 } }] },
    { ...plan, points: [{ ...buggy, levels: { site: "office" } }, fixed] },
  ];
  const identities = [
    identity,
    resultsIdentity(plan, "1.0.1", NONE),
    ...others.map((other) => resultsIdentity(other, "1.0.0", NONE)),
  ];
  assert.equal(new Set(identities).size, 8);
  assert.match(identity, /^[0-9a-f]{64}$/);
});

test("the number of replications is not part of the identity, but the stopping rule is", () => {
  const until = { response: "jobs", relativeHalfWidth: 0.1, min: 2, max: 9 };
  const identity = (replications: number, closely: number) => {
    const experiment = { ...plan.experiment, replications, until: { ...until, relativeHalfWidth: closely } };
    return resultsIdentity({ ...plan, experiment }, "1.0.0", NONE);
  };
  assert.equal(identity(9, 0.1), identity(4, 0.1));
  assert.notEqual(identity(9, 0.1), identity(9, 0.2));
  const fixed = { ...plan, experiment: { ...plan.experiment, replications: 9 } };
  assert.notEqual(identity(9, 0.1), resultsIdentity(fixed, "1.0.0", NONE));
});

test("the folder of an experiment does not change its identity", () => {
  const moved = { ...plan.experiment, file: "/else/where.yaml", folder: "/else", positions: {} };
  assert.equal(resultsIdentity({ ...plan, experiment: moved }, "1.0.0", NONE), resultsIdentity(plan, "1.0.0", NONE));
});

test("a folder without a manifest holds no results", async () => {
  const empty = join(folder, "empty");
  await mkdir(empty);
  await assert.rejects(readManifest(empty), {
    name: "UserError",
    message: `${empty} holds no results: its manifest.json does not exist`,
  });
});

test("a foreign manifest is refused", async () => {
  for (const json of ["", "{", "null", "[]", '{"program":"other"}']) {
    await writeFile(join(folder, "manifest.json"), json);
    await assert.rejects(readManifest(folder), {
      name: "UserError",
      message: `${folder} holds no results of spoolsim: its manifest.json is damaged, or another program wrote it`,
    });
  }
});

test("a missing or changed file is reported by name", async () => {
  await writeFile(join(folder, "whole.csv"), "abc");
  await writeFile(join(folder, "changed.csv"), "abc");
  await mkdir(join(folder, "folder.csv"));
  const paths = ["whole.csv", "missing.csv", "folder.csv", "changed.csv"];
  const files = paths.map((path) => ({ path, bytes: 3, sha256: path === "changed.csv" ? "0" : SHA256_OF_ABC }));
  assert.deepEqual(await verifyHashes(folder, { files } as Partial<Manifest> as Manifest), [
    "missing.csv does not exist; manifest.json names it",
    "folder.csv cannot be read: it is a folder; manifest.json names it",
    `changed.csv has sha256 ${SHA256_OF_ABC}; manifest.json says 0`,
  ]);
});
