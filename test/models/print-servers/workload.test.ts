/**
 * What the workload draws: when, what, and always the same number of numbers.
 *
 * Statistical bounds are of 99.9 % confidence, and seeds are fixed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import seedrandom from "seedrandom";
import type { Settings } from "../../../models/contract/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { profiles, type ProfileName } from "../../../models/print-servers/sites.ts";
import {
  BYTES,
  EMF,
  GAP_US,
  LEVEL_EPISODE,
  ALTER_POSITION,
  NO_EPISODE,
  RAW,
  STAY0_US,
  STAY1_US,
  TEXT,
  THINK_US,
  UNWINDING,
  WAITING_DELETE_EPISODE,
  WAITING_PAUSE_RESUME_EPISODE,
  Workload,
} from "../../../models/print-servers/workload.ts";
import { openStreams, streamName } from "../../../sim/streams.ts";
import { valuesOf } from "./lockstep.ts";

const HOUR = 3600e6;
const WEEK = 168 * HOUR;

/** The 99.95 % quantile of the normal distribution: both sides together leave 0.1 %. */
const Z = 3.2905;

const unaltered = { deleteShare: 0, pauseDeleteShare: 0, restartShare: 0, pauseResumeShare: 0 };

function workloadOf(settings: Settings, seed = "workload"): Workload {
  return new Workload(valuesOf(printServers, settings), openStreams(seed, 0, { first: 0, count: 1 }), 1);
}

/** Draws the time from `now` to the next submission. */
function gapAt(workload: Workload, now: number): number {
  workload.drawGap(0, { now });
  return workload.reals[GAP_US];
}

for (const profile of Object.keys(profiles) as ProfileName[]) {
  test(`submissions over the hours of the week follow the ${profile} profile`, () => {
    const jobsPerDay = 3000;
    const weeks = 4;
    const workload = workloadOf({ profile, jobsPerDay });
    const counts = new Array<number>(168).fill(0);
    for (let now = gapAt(workload, 0); now < weeks * WEEK; now += gapAt(workload, now)) {
      counts[Math.floor((now % WEEK) / HOUR)]++;
    }
    const { hourWeights, dayWeights } = profiles[profile];
    let chiSquare = 0;
    let hours = 0;
    counts.forEach((count, hour) => {
      const expected = weeks * jobsPerDay * dayWeights[Math.floor(hour / 24)] * hourWeights[hour % 24];
      if (expected === 0) {
        assert.equal(count, 0, `nobody submits in hour ${hour}`);
      } else {
        chiSquare += (count - expected) ** 2 / expected;
        hours++;
      }
    });
    // Counts of a Poisson process are independent, so the sum is chi-square with as many degrees of freedom as there
    // are hours: 99.9 % bounds by Wilson and Hilferty, 0.05 % on each side, so no better than chance either.
    const quantile = (z: number) => hours * (1 - 2 / (9 * hours) + z * Math.sqrt(2 / (9 * hours))) ** 3;
    const [low, high] = [quantile(-Z), quantile(Z)];
    assert.ok(low <= chiSquare && chiSquare <= high, `chi-square is ${chiSquare}, bounds ${low} and ${high}`);
  });
}

test("a gap between submissions ends at a whole microsecond and skips closed hours", () => {
  const workload = workloadOf({ profile: "office", jobsPerDay: 2000 });
  // Friday at 18 h: the next hour with a weight begins on Monday at 8 h, 62 hours later.
  for (let i = 0; i < 50; i++) {
    const gap = gapAt(workload, (4 * 24 + 18) * HOUR);
    assert.equal(gap, Math.floor(gap));
    assert.ok(gap >= 62 * HOUR && gap < 63 * HOUR, `${gap / HOUR} hours`);
  }
});

test("marks occur in the given shares", () => {
  const shares = {
    deleteShare: 0.1,
    pauseDeleteShare: 0.05,
    restartShare: 0.03,
    pauseResumeShare: 0.2,
    levelShare: 0.07,
    waitingDeleteShare: 0.04,
    waitingPauseResumeShare: 0.11,
  };
  const workload = workloadOf({
    ...shares,
    printers: 4,
    textShare: 0.2,
    emfShare: 0.3,
    emptyShare: 0.05,
    priorityHighShare: 0.15,
    pagesMean: 4,
    controlMsMedian: 30,
  });
  const draws = 40_000;
  const counts: Record<string, number> = {};
  const count = (mark: string) => (counts[mark] = (counts[mark] ?? 0) + 1);
  let pages = 0;
  for (let i = 0; i < draws; i++) {
    workload.drawJob(0);
    count(`type ${workload.dataType}`);
    count(`printer ${workload.printer}`);
    count(`priority ${workload.priority}`);
    count(`episode ${workload.episode}`);
    if (workload.reals[ALTER_POSITION] < 0.25) count("early");
    if (workload.reals[BYTES] === 0) count("empty");
    pages += workload.reals[BYTES] / [40_000, 3_000, 25_000][workload.dataType];
    if (workload.reals[UNWINDING] < 1) count("unwinds fast");
    if (workload.episode !== NO_EPISODE && workload.reals[STAY0_US] <= 30_000) count("leaves soon");
    if (workload.episode !== NO_EPISODE && workload.reals[THINK_US] <= 20e6 * Math.LN2) count("thinks little");
  }
  const altered = Object.values(shares).reduce((a, b) => a + b);
  const expected: Record<string, number> = {
    [`type ${TEXT}`]: 0.2,
    [`type ${EMF}`]: 0.3,
    [`type ${RAW}`]: 0.5,
    "printer 0": 0.25,
    "printer 3": 0.25,
    "priority 50": 0.15,
    "priority 1": 0.85,
    early: 0.25,
    empty: 0.05,
    "unwinds fast": 0.5,
    [`episode ${NO_EPISODE}`]: 1 - altered,
    "leaves soon": altered / 2,
    "thinks little": altered / 2,
    ...Object.fromEntries(Object.values(shares).map((share, i) => [`episode ${i + 1}`, share])),
  };
  for (const [mark, share] of Object.entries(expected)) {
    // 99.9 % bounds of a binomial share.
    const bound = Z * Math.sqrt((share * (1 - share)) / draws);
    const drawn = counts[mark] / draws;
    assert.ok(Math.abs(drawn - share) <= bound, `${mark}: ${drawn}, share ${share} +- ${bound}`);
  }
  // A geometric number of pages with mean 4 has variance 12; 5 % are empty. 99.9 % bounds of a mean: E = 3.8, E of
  // squares 0.95 * 28.
  const bound = Z * Math.sqrt((0.95 * 28 - 3.8 ** 2) / draws);
  assert.ok(Math.abs(pages / draws - 3.8) <= bound, `${pages / draws} pages +- ${bound}`);
});

test("the episodes are ordered as their shares are added", () => {
  assert.deepEqual([LEVEL_EPISODE, WAITING_DELETE_EPISODE, WAITING_PAUSE_RESUME_EPISODE], [5, 6, 7]);
  const shares = [
    "deleteShare",
    "pauseDeleteShare",
    "restartShare",
    "pauseResumeShare",
    "levelShare",
    "waitingDeleteShare",
    "waitingPauseResumeShare",
  ];
  shares.forEach((share, i) => {
    const workload = workloadOf({ ...unaltered, [share]: 1 });
    workload.drawJob(0);
    assert.equal(workload.episode, i + 1, share);
  });
});

test("a stay without sigma, an unwinding without sigma and a fixed number of pages are constant", () => {
  const workload = workloadOf({
    deleteShare: 1,
    controlMsMedian: 0.0015,
    controlSigma: 0,
    unwindSigma: 0,
    pagesLaw: "fixed",
    pagesMean: 2.5,
    textShare: 0,
    emfShare: 0,
  });
  for (let i = 0; i < 100; i++) {
    workload.drawJob(0);
    // 1.5 us are rounded up, 2.5 pages to 3.
    const reals = [STAY0_US, STAY1_US, UNWINDING, BYTES].map((place) => workload.reals[place]);
    assert.deepEqual(reals, [2, 2, 1, 3 * 40_000]);
  }
});

test("a submission takes the same number of draws whatever the settings: 4, 3, 2 and 1, and 1 for the gap", () => {
  const jobs = 200;
  for (const settings of [
    {},
    { site: "mainframe" },
    { emptyShare: 1, pagesLaw: "fixed" },
    unaltered,
    { controlSigma: 0, unwindSigma: 0, pagesMean: 1 },
    { printers: 1, textShare: 1, emfShare: 0, priorityHighShare: 1 },
  ] as Settings[]) {
    const open = openStreams("draws", 0, { first: 0, count: 1 });
    const streams = new Map<string, ReturnType<typeof open>>();
    const workload = new Workload(
      valuesOf(printServers, settings),
      (purpose) => {
        // Numbers as they are drawn, whatever the workload makes of them.
        const stream = open(purpose);
        streams.set(purpose, stream);
        return stream;
      },
      1,
    );
    for (let i = 0; i < jobs; i++) {
      workload.drawGap(0, { now: 0 });
      workload.drawJob(0);
    }
    const draws = { submissions: 1, jobs: 4, alterations: 3, control: 2, unwinding: 1 };
    for (const [purpose, each] of Object.entries(draws)) {
      const library = seedrandom.alea(streamName("draws", purpose, 0, 0));
      for (let i = 0; i < each * jobs; i++) library.double();
      assert.equal(streams.get(purpose)!.draw(0), library.double(), `${purpose}, ${JSON.stringify(settings)}`);
    }
    assert.equal(streams.size, 5);
  }
});
