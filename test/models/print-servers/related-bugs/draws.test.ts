/** What is drawn for the related bugs: in the shares that are set, and nothing for a bug that is absent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import {
  CLOSE_FAILS,
  PATCHED,
  PIPED,
  POP_UP_LOST,
  REMOTE,
  RelatedBugDraws,
} from "../../../../models/print-servers/related-bugs/draws.ts";
import { openStreams } from "../../../../sim/streams.ts";
import { valuesOf } from "../lockstep.ts";

const JOBS = 20_000;

/** The 99.95 % quantile of the normal distribution: both sides together leave 0.1 %. */
const Z = 3.2905;

function drawsOf(settings: Settings): RelatedBugDraws {
  return new RelatedBugDraws(valuesOf(printServers, settings), openStreams("related", 0, { first: 0, count: 1 }));
}

/** The share of 20,000 jobs of which something is true. */
function shareOf(draws: RelatedBugDraws, isTrue: () => boolean): number {
  let count = 0;
  for (let i = 0; i < JOBS; i++) {
    draws.drawJob(0);
    if (isTrue()) count++;
  }
  return count / JOBS;
}

function assertNear(share: number, chance: number): void {
  const bound = Z * Math.sqrt((chance * (1 - chance)) / JOBS);
  assert.ok(Math.abs(share - chance) <= bound, `${share}, expected ${chance} +- ${bound}`);
}

test("closes, failures, pipes and pop-ups occur in the given shares, and only remote closes fail", () => {
  const draws = drawsOf({ Q224345: "present", remoteShare: 0.4, remoteCloseFailShare: 0.25 });
  assertNear(
    shareOf(draws, () => (draws.fate & REMOTE) !== 0),
    0.4,
  );
  assertNear(
    shareOf(draws, () => (draws.fate & CLOSE_FAILS) !== 0),
    0.1,
  );
  assert.equal(
    shareOf(draws, () => (draws.fate & CLOSE_FAILS) !== 0 && (draws.fate & REMOTE) === 0),
    0,
  );
  const piped = drawsOf({ Q226513: "fixed", pipedShare: 0.3 });
  assertNear(
    shareOf(piped, () => (piped.fate & PIPED) !== 0),
    0.3,
  );
  const popUps = drawsOf({ Q283102: "present", popUpLostShare: 0.7 });
  assertNear(
    shareOf(popUps, () => (popUps.fate & POP_UP_LOST) !== 0),
    0.7,
  );
});

test("the unpatched clients are among the first, each equally likely", () => {
  const draws = drawsOf({ Q182333: "present", clients: 8, unpatchedShare: 0.3 });
  for (const client of [0, 1])
    assertNear(
      shareOf(draws, () => draws.client === client),
      1 / 8,
    );
  // 0.3 of 8 clients is 2.4, which is rounded to 2.
  assertNear(
    shareOf(draws, () => draws.client === PATCHED),
    6 / 8,
  );
});

test("outages have exponential lengths and come at the given rate", () => {
  const [perDay, secondsMean] = [50, 40];
  const draws = drawsOf({ Q223791: "fixed", lprOutagesPerDay: perDay, lprOutageSecondsMean: secondsMean });
  let [gapUs, retries] = [0, 0];
  for (let i = 0; i < JOBS; i++) {
    assert.ok(draws.drawGap(0));
    gapUs += draws.gapUs[0];
    draws.drawOutage(0);
    retries += draws.retries;
  }
  // Means of exponentials and of geometric numbers: the standard deviation is about the mean.
  const bound = Z / Math.sqrt(JOBS);
  assert.ok(Math.abs(gapUs / JOBS / (86400e6 / perDay) - 1) <= bound);
  const mean = 1 / (1 - Math.exp(-4 / secondsMean)) - 1;
  assert.ok(Math.abs(retries / JOBS - mean) <= bound * Math.sqrt(mean * (mean + 1)), `${retries / JOBS}, ${mean}`);
});

test("a bug that is absent opens no stream and saves no state", () => {
  const opened: string[] = [];
  const open = openStreams("related", 0, { first: 0, count: 1 });
  const draws = new RelatedBugDraws(valuesOf(printServers, { Q283102: "present" }), (purpose, law) => {
    opened.push(purpose);
    return open(purpose, law);
  });
  assert.deepEqual(opened, ["pop-ups"]);
  assert.equal(draws.drawGap(0), false);
  draws.drawJob(0);
  assert.deepEqual([draws.client, draws.fate & ~POP_UP_LOST], [PATCHED, 0]);
});
