/**
 * Faults that are planted in the compiled formulas, one at a time: each must make a target of the catalogue fail.
 *
 * A fault is a text of a compiled file and what takes its place; the copy of dist/ in which it is planted is validated
 * by a process of its own, on the targets that a word finds.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface Fault {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Of targets, one of which must fail. */
  readonly word: string;
}

const dist = fileURLToPath(new URL("../../../", import.meta.url));
const ROOMS = ["sim", "statistics", "models", "lab"];

const fault = (name: string, file: string, from: string, to: string, word: string): Fault => {
  return { name, file, from, to, word };
};

export const formulaFaults: readonly Fault[] = [
  fault(
    "Greenwood",
    "statistics/survival.js",
    "greenwood += events / (atRisk * (atRisk - events))",
    "greenwood += events / (atRisk * atRisk)",
    "Greenwood",
  ),
  fault(
    "Nelson-Aalen",
    "statistics/survival.js",
    "hazard += events / atRisk",
    "hazard += events / (atRisk + 1)",
    "hazard",
  ),
  fault("restricted mean", "statistics/survival.js", "(area * area * events)", "(area * events)", "restricted"),
  fault("median's rank", "statistics/survival.js", "<= 0.025", "<= 0.0025", "median"),
  fault(
    "Sen's interval",
    "statistics/slope.js",
    "(slopes.length - spread) / 2",
    "(slopes.length - spread / 2) / 2",
    "Sen",
  ),
  fault("Pettitt's p", "statistics/change-point.js", "-6 * size", "-5 * size", "Pettitt"),
  fault("Siegmund", "statistics/change-point.js", "threshold + 1.166", "threshold + 1", "CUSUM"),
  fault("BCa's acceleration", "statistics/bootstrap.js", "cubes / (6 *", "cubes / (60 *", "BCa"),
  fault("Wilson", "statistics/proportion.js", "(4 * trials * trials)", "(2 * trials * trials)", "Wilson"),
  fault(
    "Garwood",
    "statistics/compound-poisson.js",
    "gammaUpperQuantile(tail, total / size + 1)",
    "gammaUpperQuantile(tail, total / size + 2)",
    "Garwood",
  ),
  fault("Fay and Feuer", "statistics/compound-poisson.js", "squares + largest * largest", "squares", "Fay"),
  fault("variance ratio", "statistics/estimate.js", "variance(x) + variance(y)", "2 * variance(x)", "variance ratio"),
  fault("level of t", "statistics/estimate.js", "ABOVE_PROBABILITY = 0.025", "ABOVE_PROBABILITY = 0.05", "half-width"),
  fault("ratio's error", "statistics/estimate.js", "top - ratio * bottoms[i]", "top - bottoms[i]", "ratio of 6 pairs"),
  fault("drift's variance", "statistics/slope.js", "1.2 * (n * n", "1.1 * (n * n", "drift of 8"),
  fault("Holm", "statistics/multiplicity.js", "pValues.length - rank", "pValues.length", "Holm"),
  fault("anytime t", "statistics/anytime.js", "(2 / n) * (log", "(1 / n) * (log", "anytime"),
  fault(
    "Kim-Nelson's elimination",
    "statistics/kim-nelson.js",
    "(slack[i][l] - r * indifference) / 2",
    "slack[i][l] - r * indifference",
    "Kim-Nelson",
  ),
  fault("Hsu's level", "statistics/best-of-several.js", "ALPHA / (observations.length - 1)", "ALPHA", "3 costs"),
  fault(
    "value of an observation",
    "statistics/value-of-information.js",
    "weight * chance[world]",
    "chance[world] / 3",
    "observation",
  ),
  fault(
    "negative binomial",
    "statistics/value-of-information.js",
    "mean / (dispersion - 1)",
    "mean / dispersion",
    "variance 15",
  ),
  fault(
    "compound Poisson forecast",
    "statistics/days-left.js",
    "seen.rise / size + 0.5",
    "seen.rise / size",
    "forecast",
  ),
  fault(
    "Jansen's total index",
    "statistics/sobol-indices.js",
    "mean(squares) / (2 * spread)",
    "mean(squares) / spread",
    "total index",
  ),
  fault("Saltelli's first index", "statistics/sobol-indices.js", "(b - center)", "b", "first index"),
  fault(
    "Morris",
    "statistics/morris.js",
    "effects[dimension][trajectory] = ",
    "effects[dimension][trajectory] = 1.5 * ",
    "elementary",
  ),
  fault("Erlang C", "statistics/queueing.js", "(1 - (a / c)", "(1 - (a / (c + 1))", "who wait"),
  fault(
    "Mann-Kendall's continuity",
    "statistics/mann-kendall.js",
    "normalTest(s - Math.sign(s), variance)",
    "normalTest(s, variance)",
    "rainfall: z",
  ),
];

export const kernelFaults: readonly Fault[] = [
  fault(
    "the buggy spooler closes",
    "models/print-servers/spoolers/buggy.js",
    "processors.guard[instance] > 0",
    "processors.guard[instance] > 9",
    "paused, then deleted for longer",
  ),
  fault(
    "unwinding",
    "models/print-servers/media.js",
    "values.unwindRawMs : values.unwindAbortMs",
    "1.1 * values.unwindRawMs : values.unwindAbortMs",
    "unwinding of 80 ms",
  ),
  fault(
    "three handles",
    "models/print-servers/related-bugs/related-bugs.js",
    "HANDLES_PER_FAILED_CLOSE = 3",
    "HANDLES_PER_FAILED_CLOSE = 2",
    "handles a day",
  ),
  fault(
    "every four seconds",
    "models/print-servers/related-bugs/draws.js",
    "RETRY_US = 4e6",
    "RETRY_US = 4.3e6",
    "retries of an outage",
  ),
  fault(
    "Lindley by the kernel",
    "models/queues/mm1.js",
    "present.lengths[server] === 1",
    "present.lengths[server] <= 2",
    "mm1 on",
  ),
];

/** A copy of the compiled rooms, in which one fault after the other is planted. */
export class PlantedCopy {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<PlantedCopy> {
    const folder = await mkdtemp(join(tmpdir(), "spoolsim-faults-"));
    for (const room of ROOMS) await cp(join(dist, room), join(folder, "dist", room), { recursive: true });
    await cp(join(dist, "../package.json"), join(folder, "package.json"));
    await symlink(join(dist, "../node_modules"), join(folder, "node_modules"));
    return new PlantedCopy(folder);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  /** The targets that fail when the fault is there. */
  async failures({ name, file, from, to, word }: Fault): Promise<string[]> {
    const path = join(this.folder, "dist", file);
    const sound = await readFile(path, "utf8");
    assert.equal(sound.split(from).length, 2, `${name}: "${from}" is once in ${file}`);
    await writeFile(
      path,
      sound.replace(from, () => to),
    );
    try {
      return await this.validate(word);
    } finally {
      await writeFile(path, sound);
    }
  }

  /** The targets found by the word that fail. */
  async validate(word: string): Promise<string[]> {
    const program = `
      const { catalogue } = await import("./dist/lab/validation/catalogue.js");
      const { targetsOf, validate } = await import("./dist/lab/validation/validate.js");
      const placed = targetsOf(catalogue, ${JSON.stringify(word)});
      if (placed.length === 0) throw new Error("no target");
      const failed = [];
      for await (const { target, passes } of validate(catalogue, placed, new AbortController().signal)) {
        if (!passes) failed.push(target.name);
      }
      console.log(JSON.stringify(failed));`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: this.folder });
    return JSON.parse(stdout) as string[];
  }
}
