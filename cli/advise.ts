/** `spoolsim advise`: which policy costs least at which prices, how to prove the fix, when to restart, whether to wait. */
import Table from "cli-table3";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { adviceOn, type Advice } from "../lab/advice.ts";
import { UNKNOWN } from "../lab/observation-advice.ts";
import { findPoint } from "../lab/places.ts";
import { pricesOf } from "../lab/prices.ts";
import { UserError } from "../lab/user-error.ts";
import { significant } from "../lab/words.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { interruptSignal } from "./exit.ts";
import { changes, choice, experimentOf, once, withExperiment } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { cacheOf, caching, machine, machineOf } from "./run.ts";

const options = {
  at: choice.at,
  price: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "another price, as name=amount; may be said again",
  },
  unknown: {
    type: "string",
    default: UNKNOWN,
    requiresArg: true,
    describe: "what is not known, as name=value:weight,value:weight",
  },
  ...changes,
  ...machine,
  ...caching,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const adviseCommand: CommandModule<object, Arguments> = {
  command: "advise <experiment>",
  describe: "Find out which policy costs least, and what would change that",
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(said) {
    const prices = pricesOf(said.price ?? []);
    const experiment = await experimentOf(said.experiment, said);
    if (experiment.replications < 2) throw new UserError("advice needs at least 2 replications, for its intervals");
    const point = await findPoint(experiment, said.at);
    const display = progressDisplay();
    const advice = await adviceOn(experiment, {
      ...machineOf(said),
      signal: interruptSignal(),
      progress: (progress) => display.show(progress),
      cache: cacheOf(said),
      point,
      prices,
      unknown: said.unknown,
    }).finally(() => display.end());
    process.stdout.write(`\n${adviceText(advice)}\n`);
  },
};

function adviceText(advice: Advice): string {
  const { experiment, at, servers, horizonDays, replications, prices } = advice;
  const where = at === "" ? experiment : `${experiment} at ${at}`;
  return [
    `${where}: ${servers === 1 ? "1 server" : `${servers} servers`}, ${horizonDays} days, ${replications} replications, the same random numbers for all.`,
    policyTable(advice),
    "quantities and cost per server-day, with 95 % intervals of the cost; above the best: all intervals at once (Hsu)",
    `Assumed prices: ${prices.map(({ name, amount }) => `${name} ${amount}`).join(", ")}; change one with --price.`,
    [bestText(advice), ...breakEvenText(advice)].map(sentence).join("\n"),
    restartTable(advice),
    sentence(restartText(advice)),
    canaryText(advice).map(sentence).join("\n"),
    observationTable(advice),
    sentence(observationText(advice)),
    mondayText(advice),
  ].join("\n\n");
}

function policyTable({ policies, prices, asIs }: Advice): string {
  const paid = prices.map((price, k) => ({ price, k }))
    .filter(({ price, k }) => price.response !== "printersLostUs" && policies.some((one) => one.quantities[k].value > 0));
  const head = ["policy", ...paid.map(({ price }) => price.name), "printers lost on", "cost", "above the best"];
  return tableOf(head, policies.map(({ name, quantities, lostPrinters, cost, above }, i) => [
    i === asIs ? `${name} (as is)` : name,
    ...paid.map(({ k }) => significant(quantities[k].value)),
    String(lostPrinters),
    estimateText(cost),
    `${significant(above.lower)} .. ${significant(above.upper)}`,
  ]));
}

/** What is cheapest as assumed, and what is over the worlds: they need not be the same. */
function mondayText({ policies, best, observation }: Advice): string {
  const isAlone = policies.filter(({ above }) => above.isCandidate).length === 1;
  const asAssumed = `On Monday: ${policies[best].name}${isAlone ? "" : ", though others may be as cheap"}`;
  return observation.best === best ? `${asAssumed}.`
    : `${asAssumed}; ${policies[observation.best].name} if ${observation.name} is as uncertain as the last table says.`;
}

function bestText({ policies, best }: Advice): string {
  const rivals = policies.filter(({ above }, i) => above.isCandidate && i !== best).map(({ name }) => name);
  const cheapest = `${policies[best].name} costs least, ${estimateText(policies[best].cost)} per server-day`;
  return rivals.length === 0 ? `${cheapest}; every other policy certainly costs more.`
    : `${cheapest}; it cannot be told from ${rivals.join(", ")}.`;
}

function breakEvenText({ breakEvens, policies }: Advice): string[] {
  if (breakEvens.length === 0) return ["No change of a single price makes another policy the cheapest."];
  return breakEvens.map(({ price, at, isAbove, policy }) =>
    `With ${price} ${isAbove ? "above" : "below"} ${significant(at)}, ${policies[policy].name} would cost least.`);
}

function restartTable({ restarts }: Advice): string {
  return tableOf(["restart every", "cost", "above the best", "in theory"], restarts.rows.map((row) => [
    hoursText(row.hours),
    estimateText(row.cost),
    `${significant(row.above.lower)} .. ${significant(row.above.upper)}`,
    Number.isNaN(row.theory) ? "" : significant(row.theory),
  ]));
}

function restartText({ restarts: { rows, best, bestInTheory, ended, lives } }: Advice): string {
  const rivals = rows.filter(({ above }, i) => above.isCandidate && i !== best).map(({ hours }) => hoursText(hours));
  const told = rivals.length === 0 ? "" : `, not to be told from ${rivals.join(", ")}`;
  const theory = bestInTheory === undefined
    ? `theory says nothing: users noticed on ${ended} of ${lives} unattended servers`
    : `theory, from the ${ended} of ${lives} servers on which users noticed, says ${hoursText(rows[bestInTheory].hours)}`;
  return `If you must wait, restart: ${hoursText(rows[best].hours)}${told}; ${theory}.`;
}

function canaryText({ canaries: { leaksPerDay, dispersion, quietServerDays, rows, trial } }: Advice): string[] {
  if (rows.length === 0) return ["Nothing leaked, so no canary can prove a fix."];
  const sizes = rows.map(({ days, canaries }) => `${canaries} for ${days} d`).join(", ");
  const proof = `To prove the fix, canaries with as many controls: ${sizes} (${significant(leaksPerDay)} leaks per ` +
    `server-day, dispersion ${significant(dispersion)}); or ${significant(quietServerDays)} server-days without a leak.`;
  if (trial === undefined) return [proof, "This was not tried by simulation."];
  const { policy, days, canaries, trials, passed, placeboPassed } = trial;
  const placebo = placeboPassed === undefined ? "" : `, and a service pack without the fix in ${placeboPassed}`;
  return [proof, `With ${canaries} for ${days} d the judge passed ${policy} in ${passed} of ${trials} trials${placebo}.`];
}

function observationTable({ observation: { name, worlds }, policies }: Advice): string {
  return tableOf([name, "weight", "leaks a week", "cheapest", "its cost"], worlds.map((world) => [
    String(world.value), significant(world.weight), significant(world.leaks), policies[world.best].name,
    significant(world.cost),
  ]));
}

function observationText({ observation: { name, perfect, week, waiting, best }, policies }: Advice): string {
  const verdict = week > waiting ? "observe first" : `decide now; over all these values ${policies[best].name} costs least`;
  return `To know ${name} would be worth ${significant(perfect)} to the fleet; a week's count of leaks is worth ` +
    `${significant(week)} and costs ${significant(waiting)}: ${verdict}.`;
}

function hoursText(hours: number): string {
  return hours === Infinity ? "never" : `${hours} h`;
}

function estimateText({ value, halfWidth }: Estimate): string {
  return `${significant(value)} +- ${significant(halfWidth)}`;
}

function sentence(text: string): string {
  return `- ${text}`;
}

function tableOf(head: readonly string[], rows: readonly string[][]): string {
  const colAligns = head.map((_, i) => (i === 0 ? ("left" as const) : ("right" as const)));
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
}
