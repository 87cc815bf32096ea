/**
 * Slices that are saved at any instant and gone on with: random scenarios of all models that ship, what each comes to
 * without a stop, and the same when it is saved on the way and another process goes on.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { SliceSimulator, type StartedSlice } from "../../../lab/execution/slice-simulator.ts";
import { runThrough } from "../../../models/barrier.ts";
import { catalogue } from "../../../models/catalogue.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { patchOrders } from "../../../models/print-servers/patching/patch-orders.ts";
import { Snapshot } from "../../../sim/snapshot.ts";
import { attendedScenarios, smallScenarios, valuesOf } from "../../models/print-servers/lockstep.ts";

/** A scenario, and when it is saved: plain JSON. */
export interface SavedSlice {
  readonly model: string;
  readonly settings: Settings;
  readonly seed: string;
  readonly replication: number;
  readonly first: number;
  readonly count: number;
  readonly minutes: number;
  /** When it is saved, as a share of the time. */
  readonly share: number;
  /** Events that are handled after that, in the midst of a window. */
  readonly steps: number;
}

const anyPlace = {
  seed: fc.nat(1e6).map(String),
  replication: fc.nat(100),
  first: fc.nat(1000),
  count: fc.integer({ min: 1, max: 4 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  steps: fc.constantFrom(0, 1, 5, 40),
};

const others = fc.record({
  ...anyPlace,
  model: fc.constantFrom(...Object.keys(catalogue).filter((name) => name !== "print-servers")),
  settings: fc.constant({}),
  minutes: fc.constantFrom(1, 60, 2000),
});

/** More waiting customers than a lane holds, so that a calendar comes into being on the way. */
const crowded = fc.record({
  ...anyPlace,
  model: fc.constant("mmc"),
  settings: fc.constant({ clerks: 90, arrivalsPerSecond: 100, servicesPerSecond: 1 }),
  minutes: fc.constant(0.2),
});

const printServers = fc
  .record({ ...anyPlace, scenario: fc.oneof(smallScenarios, attendedScenarios) })
  .map(({ scenario, ...place }) => ({
    ...place,
    model: "print-servers",
    settings: scenario.settings,
    minutes: scenario.minutes,
  }));

/** Fleets that meet, whose decisions are part of the state. */
const rollouts = fc
  .record({
    ...anyPlace,
    count: fc.constant(8),
    first: fc.constant(0),
    steps: fc.constant(0),
    minutes: fc.constant(300),
    settings: fc.record({
      spooler: fc.constant("buggy"),
      patchOrder: fc.constantFrom("hotfix-sp6", ...Object.keys(patchOrders).filter((name) => name !== "none")),
      patchAtDays: fc.constant(0.01),
      canaryServers: fc.constantFrom(0, 4),
      canaryDays: fc.constant(0.05),
      waveServers: fc.constantFrom(2, 3),
      soakDays: fc.constant(0.01),
      servicePackMinutes: fc.constant(1),
    }),
  })
  .map((scenario) => ({ ...scenario, model: "print-servers" }));

/** So many scenarios of every kind, the same every time. */
export function savedSlices(count: number): SavedSlice[] {
  const any = fc.oneof(
    { weight: 5, arbitrary: printServers },
    { weight: 2, arbitrary: rollouts },
    { weight: 2, arbitrary: others },
    { weight: 1, arbitrary: crowded },
  );
  return fc.sample(any as fc.Arbitrary<SavedSlice>, { seed: 223863, numRuns: count });
}

/** The slice at time 0. */
export function begun({ model, settings, seed, replication, first, count }: SavedSlice) {
  const values = valuesOf(catalogue[model], settings);
  const simulator = new SliceSimulator(catalogue[model], values, count);
  return { simulator, slice: simulator.start(values, seed, replication, first) };
}

/** Handles what happens before the instant at which the slice is saved. */
export function runToInstant({ simulation, instance }: StartedSlice, { minutes, share, steps }: SavedSlice): void {
  const end = minutes * 60e6;
  runThrough(simulation, instance.controller, Math.floor(end * share));
  for (let step = 0; step < steps && simulation.step(end); step++);
}

/** What the slice comes to from where it is: digests, responses and samples. */
export function result({ simulation, instance }: StartedSlice, { minutes, share }: SavedSlice): string {
  const lines: string[] = [];
  const end = minutes * 60e6;
  // Steps may have gone beyond the first of these times.
  for (const until of [Math.max(Math.floor((end * (1 + share)) / 2), simulation.now), end]) {
    runThrough(simulation, instance.controller, until);
    instance.observe(until);
    instance.check();
    lines.push(...instance.columns.map((column) => column.join()));
  }
  const { digest } = simulation;
  for (let subject = 0; subject < digest.subjects; subject++) lines.push(digest.of(subject));
  return [simulation.eventCount, ...lines].join("\n");
}

/** What the saved slices come to when another process goes on with them. */
export async function goneOnElsewhere(slices: readonly SavedSlice[], saved: readonly ArrayBuffer[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-snapshots-"));
  try {
    for (const [i, bytes] of saved.entries()) await writeFile(join(folder, `${i}.snapshot`), new Uint8Array(bytes));
    await writeFile(join(folder, "slices.json"), JSON.stringify(slices));
    await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), folder]);
    return JSON.parse(await readFile(join(folder, "outcomes.json"), "utf8")) as string[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function goOn(folder: string): Promise<void> {
  const slices = JSON.parse(await readFile(join(folder, "slices.json"), "utf8")) as SavedSlice[];
  const results: string[] = [];
  for (const [i, saved] of slices.entries()) {
    const bytes = await readFile(join(folder, `${i}.snapshot`));
    const { simulator, slice } = begun(saved);
    simulator.resume(new Snapshot(new Uint8Array(bytes).buffer));
    results.push(result(slice, saved));
  }
  await writeFile(join(folder, "outcomes.json"), JSON.stringify(results));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await goOn(process.argv[2]);
