/**
 * Replays one small scenario in kernel and reference, given as JSON on the command line: what a failing comparison
 * prints.
 */
import { compare, type SmallScenario } from "./lockstep.ts";

const { events, difference } = compare(JSON.parse(process.argv[2]) as SmallScenario);
process.stdout.write(`${difference ?? `kernel and reference agree on all ${events} events`}\n`);
if (difference !== undefined) process.exitCode = 1;
