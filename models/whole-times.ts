/** Where closed forms of continuous times do not hold, because simulated times are whole microseconds. */

/**
 * The shortest mean time for which they hold [us]. A time is rounded up (sim/variates.ts), by half a microsecond on
 * average, so a mean time of m us is too long by the share 1 / (2 m), less than a thousandth from this limit on. Mean
 * waits err by about as much if gaps and services are alike.
 */
const SHORTEST_US = 1000;

/**
 * Why closed forms do not hold; undefined if no time is so short.
 *
 * @param meanTimesUs by what takes the time, in words: "a service"
 */
export function roundingFault(meanTimesUs: Readonly<Record<string, number>>): string | undefined {
  const short = Object.entries(meanTimesUs).find(([, us]) => us < SHORTEST_US);
  return short && `${short[0]} takes less than ${SHORTEST_US / 1000} ms on average: times are whole microseconds`;
}
