/**
 * The validation catalogue: every target, topic by topic, and the numbered table of targets that are still missing.
 *
 * To add a target, add a line to its topic: formula, vector, computed, certain or simulated, with its name, its source,
 * its value as text (whose digits are its precision) and how it is computed here. If it has a number, remove that from
 * `open`; a test keeps the two apart. A new topic is a file with a list, and a line below.
 */
import { certifiedStatistics } from "./topics/certified-statistics.ts";
import { commonRandomNumbers } from "./topics/common-random-numbers.ts";
import { comparisons } from "./topics/comparisons.ts";
import { decisions } from "./topics/decisions.ts";
import { exhaustion } from "./topics/exhaustion.ts";
import { intervals } from "./topics/intervals.ts";
import { printServers } from "./topics/print-servers.ts";
import { printedPrograms } from "./topics/printed-programs.ts";
import { queues } from "./topics/queues.ts";
import { rareEvents } from "./topics/rare-events.ts";
import { reentry } from "./topics/reentry.ts";
import { rejuvenation } from "./topics/rejuvenation.ts";
import { survival } from "./topics/survival.ts";
import type { Topic } from "./target.ts";
import { trend } from "./topics/trend.ts";

export const catalogue: readonly Topic[] = [
  queues,
  reentry,
  exhaustion,
  rejuvenation,
  survival,
  rareEvents,
  commonRandomNumbers,
  trend,
  comparisons,
  intervals,
  decisions,
  printServers,
  printedPrograms,
  certifiedStatistics,
];

/** A number of the published table for which there is no target, and why. */
export interface Open {
  readonly number: number;
  readonly name: string;
  readonly source: string;
  readonly reason: string;
}

const OTHER_GENERATOR = "a generator that the program does not use";

export const open: readonly Open[] = [
  { number: 23, name: "Philox4x32-10", source: "Random123", reason: OTHER_GENERATOR },
  { number: 24, name: "Threefry2x32-20", source: "Random123", reason: OTHER_GENERATOR },
  { number: 26, name: "xoshiro128++", source: "Blackman and Vigna", reason: OTHER_GENERATOR },
  {
    number: 27,
    name: "seedrandom",
    source: "seedrandom, README",
    reason: "the library itself draws; test/sim/streams.test.ts compares it bit by bit",
  },
];
