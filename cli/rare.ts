/** `spoolsim rare`: how likely a rare event is, for one server and for a fleet, at a fraction of the cost. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { levelsText } from "../lab/experiment/design-point.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { counted, days, ends, significant, type Estimated } from "../lab/reports/format.ts";
import { split, thinned, thinningOf, type RareEvent, type Splitting } from "../lab/studies/rare-event.ts";
import { conditionOf } from "../lab/traces/condition.ts";
import { toAnyOf } from "../statistics/rare-events.ts";
import { interruptSignal } from "./exit.ts";
import { changes, choice, experimentOf, machine, machineOf, once, wholeNumber, withExperiment } from "./options.ts";
import { print } from "./output.ts";

const options = {
  where: {
    type: "string",
    demandOption: true,
    requiresArg: true,
    describe: 'the rare event, as "RESPONSE >= NUMBER", at any time before the horizon',
  },
  fleet: {
    type: "string",
    default: "1000",
    requiresArg: true,
    describe: "fleet size for the probability that at least one server of a fleet has the event",
  },
  by: {
    choices: ["thinning", "splitting"] as const,
    defaultDescription: "thinning where the model supports it, else splitting",
    describe: "thinning: alter more jobs and reweight; splitting: branch trajectories at intermediate steps",
  },
  trajectories: {
    type: "string",
    default: "200",
    requiresArg: true,
    describe: "splitting: number of trajectories from each step",
  },
  steps: { type: "string", default: "20", requiresArg: true, describe: "splitting: maximum number of steps" },
  at: choice.at,
  ...changes,
  ...machine,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const rareCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    withExperiment(argv)
      .options(options)
      .check(once(options))
      .example('$0 rare mine.yaml --where "RESPONSE >= 1"', "a response that spoolsim describe MODEL lists"),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const point = await findPoint(experiment, args.at);
    const condition = conditionOf(point.resolved.model, args.where);
    const fleet = wholeNumber("--fleet", args.fleet, 1);
    const splitting: Splitting = {
      trajectories: wholeNumber("--trajectories", args.trajectories, 2),
      steps: wholeNumber("--steps", args.steps, 1),
    };
    const by = args.by ?? (thinningOf(point, condition).times > 1 ? "thinning" : "splitting");
    const machine = { ...machineOf(args), signal: interruptSignal() };
    const found =
      by === "thinning"
        ? await thinned(experiment, point, condition, machine)
        : await split(experiment, point, condition, splitting, machine);
    const { horizonDays } = point.scenario;
    const heading = [levelsText(point), `${condition.text} within ${days(horizonDays)}`];
    print(`${heading.filter((part) => part !== "").join(": ")}\n\n${rareText(found, fleet, splitting)}`);
  },
};

/** Above this, the digits of a probability that matter are those of what is missing to 1. */
const NEAR_1 = 0.99;

/** With two digits of what is missing to 1: 0.99952, not 1.00. */
function nearOne(p: number): string {
  if (!(p > NEAR_1)) return significant(p);
  if (p === 1) return "1";
  const [, exponent] = (1 - p).toExponential(1).split("e");
  return p.toFixed(1 - Number(exponent));
}

function rareText(found: RareEvent, fleet: number, { trajectories }: Splitting): string {
  const { method, probability, costRatio, servers, events, times } = found;
  const how =
    method === "thinning"
      ? `${times.toPrecision(3)} times the shares that lead to the leak`
      : `${trajectories === 1 ? "1 trajectory" : `${trajectories} trajectories`} from each step`;
  const cost = Number.isNaN(costRatio) ? "" : `; plain simulation: ${significant(costRatio)} times the events`;
  return [
    `probability for one server: ${probabilityText(probability)}`,
    `for at least one of ${counted(fleet, "server")}: ${probabilityText(probability, (p) => toAnyOf(fleet, p))}`,
    "",
    `by ${method}: ${how}, ${counted(servers, "server")}, ${events.toPrecision(3)} events${cost}`,
    "",
  ].join("\n");
}

/** @param of what becomes of the probability, and of both ends of its interval */
export function probabilityText({ value, lower, upper }: Estimated, of: (p: number) => number = (p) => p): string {
  if (!Number.isNaN(lower)) {
    const texts = of(upper) > NEAR_1 ? [nearOne(of(lower)), nearOne(of(upper))] : ends(of(lower), of(upper));
    return `${nearOne(of(value))} (${texts.join(" .. ")})`;
  }
  return `${nearOne(of(value))} (no interval: too few servers had the event, or all values are equal; use more servers, replications or trajectories)`;
}
