/**
 * The validation catalogue: every target, topic by topic, and the numbered table that they are to fill.
 *
 * To add a target, write a line into its topic: formula, vector, computed, certain or simulated, with its name, its
 * source, its value as a text (whose digits are its precision) and how it is computed here; its number, if it has one,
 * leaves `open`, and a test keeps the two apart. A topic of its own is a file with a list, and a line below.
 */
import { commonRandomNumbers } from "./common-random-numbers.ts";
import { comparisons } from "./comparisons.ts";
import { decisions } from "./decisions.ts";
import { exhaustion } from "./exhaustion.ts";
import { intervals } from "./intervals.ts";
import { printServers } from "./print-servers.ts";
import { queues } from "./queues.ts";
import { reentry } from "./reentry.ts";
import { rejuvenation } from "./rejuvenation.ts";
import { survival } from "./survival.ts";
import type { Topic } from "./target.ts";
import { trend } from "./trend.ts";

export const catalogue: readonly Topic[] = [
  queues,
  reentry,
  exhaustion,
  rejuvenation,
  survival,
  commonRandomNumbers,
  trend,
  comparisons,
  intervals,
  decisions,
  printServers,
];

/** A number of the table that no target has, and why. */
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
