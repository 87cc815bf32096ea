/**
 * Theory against the simulator: queues, the leak of a lone delete, and another program's Monte-Carlo table.
 *
 * Every bound is one of 99.9 % confidence: were the code right and the seed drawn anew, each assertion that has one
 * would fail once in a thousand times. Seeds are fixed, so it is always the same answer. Bounds were not tuned.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { studentTQuantile } from "../../../statistics/special-functions.ts";
import { mm1 } from "../../../models/queues/mm1.ts";
import type { Parameters, Settings } from "../../../models/contract/parameters.ts";
import type { Model } from "../../../models/model.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { valuesOf } from "./lockstep.ts";

const SECOND = 1e6;
const HOUR = 3600e6;
const WARM_UP = 5_000 * SECOND;

/** The 99.95 % quantile of the normal distribution: both sides together leave 0.1 %. */
const Z = 3.2905;

function begin<P extends Parameters>(model: Model<P>, settings: Settings, count: number, seed: string) {
  const slice = { first: 0, count };
  const instance = model.create(valuesOf(model, settings), slice, openStreams(seed, 0, slice));
  const simulation = new Simulation(instance, new Digest(0, count));
  const column = (name: string) => {
    instance.observe(simulation.now);
    return instance.columns[model.responses.findIndex((response) => response.name === name)];
  };
  return { simulation, column, check: () => instance.check() };
}

// Queues.

/**
 * Mean time [s] per customer of many independent queues, each one replication, with the half width of its 99.9 % t
 * interval. Queues begin empty, which is too good: the first 5,000 s are not counted. M/M/1 relaxes in about 1 / (mu (1
 * - sqrt(rho))^2), 90 s at rho 0.8 and 380 s at 0.9 (2.5 times as long with hyperexponential service), so less than
 * e^-13 of that is left.
 */
function meanTime(settings: Settings, total: string, per: string, queues: number, seconds: number) {
  const { simulation, column } = begin(mm1, settings, queues, "queues");
  simulation.run(WARM_UP);
  const [totalBefore, perBefore] = [column(total).slice(), column(per).slice()];
  simulation.run(WARM_UP + seconds * SECOND);
  const [totalAfter, perAfter] = [column(total), column(per)];
  const means = Array.from({ length: queues }, (_, i) => {
    return (totalAfter[i] - totalBefore[i]) / (perAfter[i] - perBefore[i]) / SECOND;
  });
  const mean = means.reduce((a, b) => a + b) / queues;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (queues - 1);
  return { mean, halfWidth: studentTQuantile(0.9995, queues - 1) * Math.sqrt(variance / queues) };
}

// At rho 0.8 and unit services the wait is 2 (1 + cs2) s: Pollaczek and Khinchine.
for (const [serviceLaw, wait] of Object.entries({ constant: 2, erlang2: 3, exponential: 4, hyperexponential: 10 })) {
  test(`the mean wait with ${serviceLaw} service at rho 0.8 is ${wait} s, by Pollaczek and Khinchine`, () => {
    // 40 queues of 20,000 s: 99.9 % t interval of 39 degrees of freedom, and it is no wider than 12 % of the wait.
    const { mean, halfWidth } = meanTime({ serviceLaw }, "waitUs", "customersStarted", 40, 20_000);
    assert.ok(Math.abs(mean - wait) <= halfWidth, `${mean} +- ${halfWidth} s, theory ${wait} s`);
    assert.ok(halfWidth < 0.12 * wait, `${halfWidth} s is too wide to tell anything`);
    const values = valuesOf(mm1, { serviceLaw });
    assert.ok(Math.abs(mm1.closedForm!(values, "waitUsMean")! - wait * SECOND) < 1e-3);
  });
}

test("the mean sojourn of M/M/1 at rho 0.9 is 10 s", () => {
  // 40 queues of 40,000 s: 99.9 % t interval of 39 degrees of freedom, and it is no wider than 12 % of the sojourn.
  const { mean, halfWidth } = meanTime({ arrivalsPerSecond: 0.9 }, "sojournUs", "customersServed", 40, 40_000);
  assert.ok(Math.abs(mean - 10) <= halfWidth, `${mean} +- ${halfWidth} s, theory 10 s`);
  assert.ok(halfWidth < 1.2, `${halfWidth} s is too wide to tell anything`);
});

test("Little's law holds exactly on a path that ends empty: L = lambda W", () => {
  const { simulation, column } = begin(mm1, { arrivalsPerSecond: 0.9 }, 1, "Little");
  const [arrived, served, sojournUs] = [column("customersArrived"), column("customersServed"), column("sojournUs")];
  let personUs = 0;
  let before = 0;
  let longest = 0;
  let present = 0;
  while (simulation.now < 20_000 * SECOND || present > 0) {
    simulation.step(Infinity);
    personUs += present * (simulation.now - before);
    before = simulation.now;
    present = arrived[0] - served[0];
    longest = Math.max(longest, present);
  }
  assert.ok(arrived[0] > 15_000 && longest > 20, "the path is long, and crowded now and then");
  // No bound: both sides are the same whole number of microseconds.
  assert.equal(personUs, sojournUs[0]);
  const [l, lambda, w] = [personUs / simulation.now, arrived[0] / simulation.now, sojournUs[0] / served[0]];
  assert.ok(Math.abs(l - lambda * w) <= 1e-12 * l, `L is ${l}, lambda W ${lambda * w}`);
});

// Leaks.

/**
 * One episode a job on one server that is almost idle: 20 jobs a day on 900 printers, so jobs and alterations all but
 * never meet (the lock is held for less than 20 ms a job: one alteration in 200,000 finds it taken). A page is the
 * whole job, TEXT runs at the speed of RAW, a chunk of 4,096 B takes 372.364 ms, and nothing is scarce. It ends when at
 * least `episodes` jobs were submitted and none exists any more, so that no episode is cut off.
 */
const quiet: Settings = {
  printers: 900,
  jobsPerDay: 20,
  profile: "flat",
  textShare: 0,
  emfShare: 0,
  priorityHighShare: 0,
  pagesMean: 1,
  pagesLaw: "fixed",
  textChunkBytes: 4096,
  deleteShare: 0,
  pauseDeleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  thinkSecondsMean: 6000,
  preMs: 2,
  exitMs: 1,
  wakeMs: 1,
  unwindRawMs: 8,
  unwindAbortMs: 8,
  unwindEndMs: 8,
  controlSigma: 0,
  unwindSigma: 0,
  heapBytesPerInstance: 0,
  dcsMax: 1e6,
  gdiHandlesMax: 1e6,
  poolBytesPerGdiInstance: 0,
};
const CHUNK_MS = 372.364;

function jobOf(chunks: number): Settings {
  return { rawBytesPerPage: 4096 * chunks, textBytesPerPage: 4096 * chunks };
}

function episodesOf(settings: Settings, episodes: number): { leaks: number; jobs: number } {
  const { simulation, column, check } = begin(printServers, { ...quiet, ...settings }, 1, "episodes");
  const [submitted, existing, starved] = [column("jobsSubmitted"), column("jobsExisting"), column("jobsStarved")];
  for (let until = HOUR; submitted[0] < episodes || existing[0] > 0; until += HOUR / 4) simulation.run(until);
  check();
  assert.equal(starved[0], 0);
  return { leaks: column("processorsLeaked")[0], jobs: submitted[0] };
}

/** What the closed form says of a long printout: one delete or restart at a uniform moment. */
function clampedChance(stayMs: number, unwindMs: number): number {
  return Math.min(1, Math.max(0, (stayMs - unwindMs) / CHUNK_MS));
}

/**
 * The same for a RAW job of n chunks, its end included, when stay - unwinding is between 0 and a chunk less preMs. The
 * command enters preMs after a uniform moment of the printout. In the first n - 1 chunks the next test sees it, and it
 * leaks when that is less than stay - unwinding away. Later nothing sees it: the job ends by itself, and it leaks when
 * the close comes in its stay.
 */
function exactChance(chunks: number, stayMs: number, unwindMs = 8, preMs = 2): number {
  const window = stayMs - unwindMs;
  return ((chunks - 1) * window + window + preMs) / (chunks * CHUNK_MS);
}

/**
 * 99.9 % bounds of a binomial share in its normal approximation, widened by half an episode; exact at chances of 0 and
 * 1.
 */
function assertShare(leaks: number, jobs: number, chance: number, what: string): void {
  const bound = chance === 0 || chance === 1 ? 0 : Z * Math.sqrt((chance * (1 - chance)) / jobs) + 0.5 / jobs;
  assert.ok(Math.abs(leaks / jobs - chance) <= bound, `${what}: ${leaks} of ${jobs}, theory ${chance} +- ${bound}`);
}

for (const stayMs of [15, 30, 60, 150, 300]) {
  test(`a delete that stays ${stayMs} ms in a long RAW job leaks with probability (stay - unwinding) / chunk`, () => {
    const { leaks, jobs } = episodesOf({ ...jobOf(400), deleteShare: 1, controlMsMedian: stayMs }, 10_000);
    assertShare(leaks, jobs, exactChance(400, stayMs), `stay ${stayMs} ms`);
    // The end of the job, which the closed form leaves out, is worth less than 1 chunk of 400.
    assert.ok(Math.abs(exactChance(400, stayMs) - clampedChance(stayMs, 8)) < 1 / 400);
    const values = valuesOf(printServers, { ...quiet, deleteShare: 1, controlMsMedian: stayMs });
    assert.ok(Math.abs(printServers.closedForm!(values, "leaksPerControlEntry")! - clampedChance(stayMs, 8)) < 1e-5);
  });
}

test("a delete that lasts longer than a chunk and the unwinding leaks, whenever it comes", () => {
  const { leaks, jobs } = episodesOf({ ...jobOf(400), deleteShare: 1, controlMsMedian: 400 }, 2_000);
  // No bound: a certainty, in the last chunk too, because the stay of 400 ms is longer than a chunk and the unwinding,
  // 380 ms.
  assert.equal(leaks, jobs);
});

test("a delete that lasts no longer than the unwinding leaks only if it comes during the unwinding", () => {
  // Entering is at most preMs (2 ms) into the unwinding of 8 ms, so a stay of 6 ms ends before the close, or with it.
  for (const controlMsMedian of [0.001, 1, 5, 6]) {
    const { leaks } = episodesOf({ ...jobOf(20), deleteShare: 1, controlMsMedian }, 5_000);
    assert.equal(leaks, 0, `stay ${controlMsMedian} ms`);
  }
  // A stay of exactly the unwinding leaks only from there: preMs / duration = 2 ms of 20 chunks, 0.00027. Longer jobs:
  // less.
  const { leaks, jobs } = episodesOf({ ...jobOf(20), deleteShare: 1, controlMsMedian: 8 }, 20_000);
  const chance = 2 / (20 * CHUNK_MS);
  // Upper bound of 99.9 %: a Poisson count of mean 5.4 exceeds 15 with a chance of 0.0002.
  assert.ok(jobs * chance < 5.6 && leaks <= 15, `${leaks} leaks, ${jobs * chance} are expected`);
});

/**
 * Orphans per episode, by an independent script of 20,000 episodes a cell.
 *
 * The script's job length is not given, and three of its rows depend on it. The TEXT row tells it: a resume leaks there
 * when the pause fell into the last chunk, so 0.050 and 0.049 are 1 / n with n = 20 chunks; and RAW's 0.004 and 0.020
 * are then (stay - unwinding + pre) / (20 chunks) = 0.0032 and 0.0193. Jobs here have 20 chunks throughout, and think
 * times (which were not given either) a mean of 100 min, so a second command before the thread has blocked is a matter
 * of 1 in 30,000.
 *
 * "Pause, later delete" is 1.000 only when every pause is seen: of TEXT jobs, which test once more at the end, or of
 * RAW jobs so long that their last chunk does not count. With RAW jobs of 20 chunks it cannot be (a pause in the last
 * chunk is not seen); the row is asserted for TEXT, and for RAW as 19/20 plus the end's share in the test after these.
 */
const table = [
  { row: "delete", settings: { deleteShare: 1 }, cells: [0, 0.06, 0.377] },
  { row: "pause, later delete", settings: { pauseDeleteShare: 1, textShare: 1 }, cells: [0, 1, 1] },
  { row: "restart", settings: { restartShare: 1 }, cells: [0, 0.058, 0.383] },
  { row: "pause, later resume, RAW order", settings: { pauseResumeShare: 1 }, cells: [0, 0.004, 0.02] },
  { row: "pause, later resume, TEXT order", settings: { pauseResumeShare: 1, textShare: 1 }, cells: [0, 0.05, 0.049] },
];

for (const { row, settings, cells } of table) {
  test(`the independent script's table is reproduced: ${row}`, () => {
    [5, 30, 150].forEach((controlMsMedian, i) => {
      const { leaks, jobs } = episodesOf({ ...jobOf(20), ...settings, controlMsMedian }, 20_000);
      const [ours, theirs] = [leaks / jobs, cells[i]];
      const where = `${row}, stay ${controlMsMedian} ms: ${ours}, the script ${theirs}`;
      if (theirs === 0) {
        assert.equal(leaks, 0, where);
        return;
      }
      // 99.9 % bound on the difference of two binomial shares with one chance (their mean), and the script's rounding.
      // Where the script says 1.000 that is 0.9995 or more, and our misses are the 1 in 30,000 above: at most 4 in
      // 20,000 (Poisson, mean 0.7).
      const pooled = (ours + theirs) / 2;
      const chance = theirs === 1 ? 4 / jobs : Z * Math.sqrt(pooled * (1 - pooled) * (1 / jobs + 1 / 20_000));
      const bound = chance + 0.0005;
      assert.ok(Math.abs(ours - theirs) <= bound, `${where} +- ${bound}`);
    });
  });
}

test("a pause in the last chunk of a RAW job is not seen and does not make a later delete leak", () => {
  // Seen (the first 19 of 20 chunks, less preMs): leaks for certain. Not seen: leaks as a pause that covers the close.
  const [chunks, stayMs] = [20, 30];
  const chance = (chunks - 1) / chunks + (stayMs - 8) / (chunks * CHUNK_MS);
  const { leaks, jobs } = episodesOf({ ...jobOf(chunks), pauseDeleteShare: 1, controlMsMedian: stayMs }, 20_000);
  assertShare(leaks, jobs, chance, "20 chunks");
  const long = episodesOf({ ...jobOf(5_000), pauseDeleteShare: 1, controlMsMedian: stayMs }, 10_000);
  // Misses: 1 in 5,000 (the last chunk) and 1 in 30,000 (as above); a Poisson count of mean 2.4 exceeds 9 with a chance
  // of 0.0002.
  assert.ok(long.jobs - long.leaks <= 9, `${long.leaks} of ${long.jobs}`);
});

test("the fixed spooler gives 0 in every row of the table", () => {
  for (const { row, settings } of table) {
    const { leaks } = episodesOf({ ...jobOf(20), ...settings, spooler: "fixed", controlMsMedian: 150 }, 2_000);
    assert.equal(leaks, 0, row);
  }
});
