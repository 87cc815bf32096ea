/** `spoolsim advise`: which policy costs least, when to restart, how to prove a fix, and whether to wait. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { adviceOn, type Advice } from "../lab/studies/advice.ts";
import { UNKNOWN } from "../lab/studies/observation-advice.ts";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { pricesOf } from "../lab/studies/prices.ts";
import { UserError } from "../lab/user-error.ts";
import { counted, significant } from "../lab/reports/format.ts";
import type { AboveBest } from "../statistics/best-of-several.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeTo } from "./new-file.ts";
import { changes, choice, experimentOf, once, withExperiment } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { cacheOf, caching, machine, machineOf } from "./run.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { print } from "./output.ts";

const options = {
  at: choice.at,
  price: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "a price, as name=amount; can be repeated",
  },
  unknown: {
    type: "string",
    default: UNKNOWN,
    requiresArg: true,
    describe: "an uncertain parameter, as name=value:weight,value:weight",
  },
  out: { type: "string", requiresArg: true, describe: "write everything as JSON to this new file" },
  ...changes,
  ...machine,
  ...caching,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const adviseCommand: CommandModule<object, Arguments> = {
  command: "advise <experiment>",
  describe: "Compare the costs of policies, and find what would change the advice",
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(said) {
    refuseTaken(said.out, "advice");
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
    print(`\n${adviceText(advice)}\n`);
    if (said.out !== undefined) {
      await writeTo(said.out, "advice", (sink) => sink(`${JSON.stringify(advice, null, 2)}\n`));
    }
  },
};

function adviceText(advice: Advice): string {
  const { experiment, at, servers, horizonDays, replications, prices } = advice;
  const where = at === "" ? experiment : `${experiment} at ${at}`;
  const assumed = prices.map(({ name, amount }) => `${name} ${amount}`).join(", ");
  const fleet = `${counted(servers, "server")}, ${counted(horizonDays, "day")}`;
  return [
    paragraph(`${where}: ${fleet}, ${counted(replications, "replication")}, the same random numbers for all.`),
    quantityTable(advice),
    paragraph(
      "per server-day; what is done once, such as installing a fix, is spread over the days that are simulated",
    ),
    paragraph(`Assumed prices: ${assumed};\nanother one: --price name=amount.`),
    costTable(advice),
    paragraph(
      "cost per server-day, with its 95 % interval; above the best of the others: all intervals hold at once (Hsu)",
    ),
    [bestText(advice), ...paybackText(advice), ...breakEvenText(advice)].map(sentence).join("\n"),
    restartTable(advice),
    sentence(restartText(advice)),
    canaryText(advice).map(sentence).join("\n"),
    observationTable(advice),
    sentence(observationText(advice)),
    paragraph(mondayText(advice)),
    ...horizonText(advice).map(paragraph),
  ].join("\n\n");
}

/** What is paid for, but for what no policy takes. */
function quantityTable({ policies, prices, asIs }: Advice): string {
  const taken = prices.flatMap(({ name, response }, k) =>
    response !== "printersLostUs" && policies.some(({ quantities }) => quantities[k].value > 0) ? [{ name, k }] : [],
  );
  const head = ["policy", ...taken.map(({ name }) => name), "servers without printers"];
  return tableOf(
    head,
    policies.map(({ name, quantities, lostPrinters }, i) => [
      i === asIs ? `${name} (as is)` : name,
      ...taken.map(({ k }) => significant(quantities[k].value)),
      lostPrinters === 0 ? "" : String(lostPrinters),
    ]),
  );
}

function costTable({ policies }: Advice): string {
  return tableOf(
    ["policy", "cost", "above the best"],
    policies.map(({ name, cost, above }) => {
      return [name, estimateText(cost), aboveText(above)];
    }),
  );
}

/** What is cheapest as assumed, and what is over the worlds: they need not be the same. */
function mondayText({ policies, best, observation, horizonDays }: Advice): string {
  if (policies.every(({ cost }) => cost.value === 0)) {
    return `Nothing that has a price happened in ${counted(horizonDays, "day")}; simulate more, or more servers.`;
  }
  const isAlone = policies.filter(({ above }) => above.isCandidate).length === 1;
  const asAssumed = `On Monday: ${policies[best].name}${isAlone ? "" : ", though others may be as cheap"}`;
  return observation.best === best
    ? `${asAssumed}.`
    : `${asAssumed}; ${policies[observation.best].name} if ${observation.name} is as uncertain as the last table says.`;
}

/** With fewer restarts of a server than this, little is known of what an interval does in the long run. */
const RESTARTS_MIN = 10;

/** What the simulated days are too few for. */
function horizonText({ horizonDays, restarts: { rows, best, ended, lives } }: Advice): string[] {
  const simulated = counted(horizonDays, "day");
  const longer = "--set horizonDays=... simulates longer.";
  if (ended === 0 && lives > 0) {
    return [`No user noticed within ${simulated}: none of this says what happens later; ${longer}`];
  }
  const restarted = Math.floor((24 * horizonDays) / rows[best].hours);
  if (restarted === 0 || restarted >= RESTARTS_MIN) return [];
  return [
    `In ${simulated} a server is restarted ${counted(restarted, "time")} at the best interval, which was chosen on ` +
      `these very servers: leave a margin below it, or see whether it lasts; ${longer}`,
  ];
}

function bestText({ policies, best }: Advice): string {
  const rivals = policies.filter(({ above }, i) => above.isCandidate && i !== best).map(({ name }) => name);
  const cheapest = `${policies[best].name} costs least, ${estimateText(policies[best].cost)} per server-day`;
  return rivals.length === 0
    ? `${cheapest}; every other policy certainly costs more.`
    : `${cheapest}; it cannot be told from ${rivals.join(", ")}.`;
}

function paybackText({ policies, best, payback }: Advice): string[] {
  if (payback === undefined) return [];
  const { policy, days } = payback;
  const [once, forever] = [policies[policy].name, policies[best].name];
  return [`${once} is done once: ${forever} has cost as much after ${significant(days)} days.`];
}

function breakEvenText({ breakEvens, policies }: Advice): string[] {
  if (breakEvens.length === 0) return ["No change of a single price makes another policy the cheapest."];
  return breakEvens.map(
    ({ price, at, isAbove, policy }) =>
      `With ${price} ${isAbove ? "above" : "below"} ${significant(at)}, ${policies[policy].name} would cost least.`,
  );
}

function restartTable({ restarts }: Advice): string {
  return tableOf(
    ["restart every", "cost", "above the best", "in theory"],
    restarts.rows.map((row) => [
      hoursText(row.hours),
      estimateText(row.cost),
      aboveText(row.above),
      Number.isNaN(row.theory) ? "" : significant(row.theory),
    ]),
  );
}

function restartText({ restarts: { rows, best, hoursInTheory, ended, lives } }: Advice): string {
  const rivals = rows.filter(({ above }, i) => above.isCandidate && i !== best).map(({ hours }) => hoursText(hours));
  const told = rivals.length === 0 ? "" : `, not to be told from ${rivals.join(", ")}`;
  const noticed = `users noticed on ${ended} of ${lives} unattended servers`;
  const theory =
    hoursInTheory === undefined
      ? `theory says nothing (${noticed})`
      : `theory says every ${hoursText(hoursInTheory)} (${noticed})`;
  return `If you must wait, restart ${restartedText(rows[best].hours)}${told}; ${theory}.`;
}

function canaryText({ canaries }: Advice): string[] {
  const { leaksPerDay, dispersion, quietServerDays, rows, trial } = canaries;
  if (rows.length === 0) return ["Nothing leaked, so no canary can prove a fix."];
  const sizes = rows.map((row) => `${row.canaries} for ${row.days} d`).join(", ");
  const leaks = `${significant(leaksPerDay)} leaks per server-day, dispersion ${significant(dispersion)}`;
  const proof =
    `To prove a fix, as many canaries, and controls beside them, as ${sizes} (${leaks});\n` +
    `  or ${significant(quietServerDays)} server-days without a leak.`;
  if (typeof trial === "string") return [proof, `This was not tried by simulation: ${trial}.`];
  const { policy, days, canariesMin, trials, passed, placeboPassed } = trial;
  const placebo = placeboPassed === undefined ? "" : `, and of a service pack without the fix in ${placeboPassed}`;
  const fewest = trial.canaries === canariesMin ? ", the fewest that its judge can be sure of" : "";
  return [
    proof,
    `With ${trial.canaries} for ${days} d${fewest}, a roll-out of ${policy} passed in ${passed} of ${trials} trials` +
      `${placebo}.`,
  ];
}

function observationTable({ observation: { name, worlds }, policies }: Advice): string {
  const head = [name, "weight", "leaks a week", "cheapest", "its cost"];
  return tableOf(
    head,
    worlds.map(({ value, weight, leaks, best, cost }) => {
      return [String(value), significant(weight), significant(leaks), policies[best].name, significant(cost)];
    }),
  );
}

function observationText({ observation: { name, perfect, week, waiting, best }, policies }: Advice): string {
  const average = `over all these values ${policies[best].name} costs least`;
  const verdict = week > waiting ? "observe first" : `decide now; ${average}`;
  return (
    `To know ${name} would be worth ${significant(perfect)} to the fleet; a week's count of leaks is worth ` +
    `${significant(week)} and costs ${significant(waiting)}: ${verdict}.`
  );
}

function restartedText(hours: number): string {
  return hours === Infinity ? "never" : `every ${hoursText(hours)}`;
}

function hoursText(hours: number): string {
  return hours === Infinity ? "never" : `${hours} h`;
}

function aboveText({ lower, upper }: AboveBest): string {
  return `${significant(lower)} .. ${significant(upper)}`;
}

function estimateText({ value, halfWidth }: Estimate): string {
  return `${significant(value)} +- ${significant(halfWidth)}`;
}

/** An entry of a list: its further lines are indented where the terminal makes there be any. */
function sentence(text: string): string {
  const [first, ...more] = wrapped(text, terminalOf().columns - 2).split("\n");
  return [`- ${first}`, ...more.map((line) => (line.startsWith(" ") ? line : `  ${line}`))].join("\n");
}

function paragraph(text: string): string {
  return wrapped(text, terminalOf().columns);
}
