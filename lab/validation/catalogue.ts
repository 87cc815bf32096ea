/**
 * The validation catalogue: every target, topic by topic, and the numbered table that they are to fill.
 *
 * To add a target, write a line into its topic: formula, vector or simulated, with its number, its name, its source,
 * its value as a text (whose digits are its precision) and how it is computed here. A topic of its own is a file with a
 * list, and a line below. A number that gets its target leaves `open`; a test keeps the two apart.
 */
import { commonRandomNumbers } from "./common-random-numbers.ts";
import { exhaustion } from "./exhaustion.ts";
import { queues } from "./queues.ts";
import { reentry } from "./reentry.ts";
import { rejuvenation } from "./rejuvenation.ts";
import { survival } from "./survival.ts";
import type { Topic } from "./target.ts";

export const catalogue: readonly Topic[] = [
  queues, reentry, exhaustion, rejuvenation, survival, commonRandomNumbers,
];

/** A number of the table that no target has, and why. */
export interface Open {
  readonly number: number;
  readonly name: string;
  readonly source: string;
  readonly reason: string;
}

const NO_METHOD = "the method is not part of the program";
const OTHER_GENERATOR = "a generator that the program does not use";

export const open: readonly Open[] = [
  { number: 10, name: "Mann-Kendall and Sen, 360 values", source: "pyMannKendall", reason: NO_METHOD },
  { number: 11, name: "Mann-Kendall with ties", source: "by hand", reason: NO_METHOD },
  { number: 12, name: "seasonal Mann-Kendall, 360 values", source: "pyMannKendall", reason: NO_METHOD },
  { number: 13, name: "Hamed-Rao, 360 values", source: "pyMannKendall", reason: NO_METHOD },
  { number: 15, name: "Mann-Kendall under AR(1)", source: "exact variance of S", reason: NO_METHOD },
  { number: 16, name: "variance of slopes of a random walk", source: "exact", reason: NO_METHOD },
  { number: 17, name: "log-rank, 6-MP", source: "Freireich and others 1963", reason: NO_METHOD },
  { number: 20, name: "MSER-5", source: "White 1997", reason: NO_METHOD },
  { number: 21, name: "Kim-Nelson, eta and h^2", source: "Kim and Nelson 2001", reason: NO_METHOD },
  { number: 23, name: "Philox4x32-10", source: "Random123", reason: OTHER_GENERATOR },
  { number: 24, name: "Threefry2x32-20", source: "Random123", reason: OTHER_GENERATOR },
  { number: 26, name: "xoshiro128++", source: "Blackman and Vigna", reason: OTHER_GENERATOR },
  {
    number: 27, name: "seedrandom", source: "seedrandom, README",
    reason: "the library itself draws; test/sim/streams.test.ts compares it bit by bit",
  },
  { number: 39, name: "Mann-Whitney interval", source: "Kayenta", reason: NO_METHOD },
  { number: 40, name: "mixture sequential test", source: "Johari and others", reason: NO_METHOD },
  { number: 42, name: "size of a canary", source: "normal approximation", reason: NO_METHOD },
];
