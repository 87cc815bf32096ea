/** `spoolsim advise`: which policy costs least, when to restart, how to prove a fix, and whether to wait. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { readPriceList } from "../lab/studies/price-list.ts";
import { readPosterior } from "../lab/studies/posterior-worlds.ts";
import { adviceOn, type Work } from "../lab/studies/advice.ts";
import { designPoints } from "../lab/experiment/design.ts";
import { pointsAt } from "../lab/experiment/point-selector.ts";
import { dayOfText } from "../lab/calendar.ts";
import { itemAt } from "../lab/lists.ts";
import { UserError } from "../lab/user-error.ts";
import { advicePage } from "../lab/reports/advice-page.ts";
import { writePage } from "../lab/reports/standalone-page.ts";
import { counted, significant } from "../lab/reports/format.ts";
import { adviceText } from "./advice-text.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeTo } from "./new-file.ts";
import {
  cacheOf,
  caching,
  changes,
  choice,
  commandLine,
  experimentOf,
  machine,
  machineOf,
  once,
  wholeNumber,
  withExperiment,
} from "./options.ts";
import { print, say } from "./output.ts";
import { progressDisplay } from "./progress.ts";

const options = {
  at: { ...choice.at, describe: "the design point, as factor=level for each factor besides the policy" },
  price: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "set a price, as name=amount: --price staffHour=80; can be repeated",
  },
  prices: {
    type: "string",
    requiresArg: true,
    describe: "YAML file with your prices, your currency and the settings of your servers",
  },
  currency: { type: "string", requiresArg: true, defaultDescription: "EUR", describe: "currency of prices and costs" },
  fleet: {
    type: "string",
    requiresArg: true,
    defaultDescription: "those simulated",
    describe: "scale the costs to this number of servers",
  },
  unknown: {
    type: "string",
    requiresArg: true,
    describe: "values of an uncertain parameter and their weights, as name=value:weight,value:weight",
  },
  worlds: {
    type: "string",
    requiresArg: true,
    describe:
      "posterior.csv, written by calibrate: the probabilities of the values of unknown parameters; instead of --unknown",
  },
  start: {
    type: "string",
    requiresArg: true,
    describe: "date of the servers' last restart, YYYY-MM-DD; prints dates instead of days",
  },
  out: { type: "string", requiresArg: true, describe: "write all results as JSON to this new file" },
  page: { type: "string", requiresArg: true, describe: "write the advice as a page to this new file" },
  ...changes,
  ...machine,
  ...caching,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const adviseCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    refuseTaken(args.out, "advice");
    refuseTaken(args.page, "a page", "--page");
    const unpriced = await experimentOf(args.experiment, args);
    if (unpriced.replications < 2) throw new UserError("advice needs at least 2 replications for its intervals");
    const points = pointsAt(unpriced, await designPoints(unpriced), args.at);
    const { model } = itemAt(points, 0).resolved;
    const list = args.prices === undefined ? undefined : await readPriceList(args.prices, unpriced, model);
    const experiment = list?.experiment ?? unpriced;
    const currency = args.currency ?? list?.currency ?? "EUR";
    if (args.worlds !== undefined && args.unknown !== undefined) {
      throw new UserError(
        "--worlds and --unknown exclude each other: the worlds of a posterior have the unknown values",
      );
    }
    const posterior = args.worlds === undefined ? undefined : await readPosterior(args.worlds, experiment, points);
    const display = progressDisplay();
    const advice = await adviceOn(experiment, {
      ...machineOf(args),
      signal: interruptSignal(cacheOf(args) !== undefined),
      progress: (progress) => display.show(progress),
      before: (work) => say(`${workText(work)}\n`),
      cache: cacheOf(args),
      at: args.at,
      prices: args.price ?? [],
      listed: list?.amounts,
      unknown: args.unknown,
      posterior,
      startDay: args.start === undefined ? undefined : startDayOf(args.start),
      fleetServers: args.fleet === undefined ? undefined : wholeNumber("--fleet", args.fleet, 1, 1e9),
    }).finally(() => display.end());
    print(`\n${adviceText(advice, currency)}\n`);
    if (args.page !== undefined) {
      const { question } = experiment;
      const about = { question, currency, command: commandLine(), model };
      await writePage(args.page, advicePage(advice, about));
      print(`${args.page}\n`);
    }
    if (args.out !== undefined) {
      const all = { ...advice, currency };
      await writeTo(args.out, "advice", (sink) => sink(`${JSON.stringify(all, null, 2)}\n`));
    }
  },
};

function startDayOf(word: string): number {
  const day = dayOfText(word);
  if (day === undefined) throw new UserError(`--start is ${word}; it must be a date written as YYYY-MM-DD`);
  return day;
}

/** Describes the amount of work before it begins. */
function workText({ designPoints, serverDays }: Work): string {
  return (
    `advice simulates ${counted(designPoints, "design point")}, ${significant(serverDays)} server-days in all; then the ` +
    "chosen policy and trials of it on a few servers (canaries), with fresh random numbers. With fewer --servers or --replications, it takes less time."
  );
}
