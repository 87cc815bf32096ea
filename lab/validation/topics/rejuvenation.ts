/**
 * Rejuvenation: Huang's four states, the periodic rejuvenation of oris-tool/sar, and the outages of the LPR monitor.
 */
import { periodicRejuvenation } from "../../../models/rejuvenation/periodic.ts";
import {
  fourStateShares,
  leaksOfOutage,
  priceRatioThatPays,
  restartRateThatPays,
  type FourStates,
} from "../../../statistics/rejuvenation.ts";
import { simulation } from "../simulation.ts";
import { formula, simulated, type Target, type Topic } from "../target.ts";

const HUANG = "computed from the four states of Huang, Kintala, Kolettis and Fulton (1995), rates of example 1";
const LPR = "computed from the article on the LPR monitor: at the outage, and every 4 s until it ends";

const HOURS_OF_YEAR = 8640;
const century = { servers: 4, replications: 50, horizonDays: 36_600 };

function chain(rejuvenate: number): FourStates {
  return { degrade: 1 / 168, fail: 1 / 8640, repair: 2, rejuvenate, restart: 3 };
}

/** Hours down and price of a year; 0 h is never rejuvenated. */
function huang(waitHoursMean: number, hours: string, price: string): Target[] {
  const when = waitHoursMean === 0 ? "never rejuvenated" : `rejuvenated after ${waitHoursMean} h`;
  const shares = () => fourStateShares(chain(waitHoursMean === 0 ? 0 : 1 / waitHoursMean));
  const down = () => (shares().failed + shares().rejuvenating) * HOURS_OF_YEAR;
  const cost = () => (shares().failed * 1000 + shares().rejuvenating * 40) * HOURS_OF_YEAR;
  const model = simulation("rejuvenation", century, { waitHoursMean });
  const perHour = (yearly: string) => (Number(yearly) / HOURS_OF_YEAR).toExponential(8);
  return [
    formula(1, `${when}: hours down a year`, HUANG, hours, down),
    formula(2, `${when}: price of a year`, HUANG, price, cost),
    simulated(1, `rejuvenation, ${when}: unavailability`, HUANG, perHour(hours), model.mean("unavailability")),
    simulated(2, `rejuvenation, ${when}: price an hour`, HUANG, perHour(price), model.mean("pricePerHour")),
  ];
}

type Timers = "exponential" | "general";

const tables: Readonly<Record<Timers, readonly [file: string, down: number, undetected: number]>> = {
  exponential: ["printed by oris-tool/sar, bestPeriodEXP.csv", 3, 4],
  general: ["printed by oris-tool/sar, bestPeriodGEN.csv", 5, 6],
};

/** The shares of time down, and down undetected, at a period [h]. */
function periodic(timers: Timers, periodHours: number, down: string, undetected: string): Target[] {
  const [source, downNumber, undetectedNumber] = tables[timers];
  const name = `${timers} timers, period ${periodHours} h`;
  const value = (mean: string) => () => periodicRejuvenation.closedForm!({ timers, periodHours }, mean)!;
  return [
    formula(downNumber, `${name}: unavailability`, source, down, value("unavailability")),
    formula(undetectedNumber, `${name}: undetected`, source, undetected, value("undetectedShare")),
  ];
}

function periodicSimulated(timers: Timers, periodHours: number, down: string, undetected: string): Target[] {
  const [source, downNumber, undetectedNumber] = tables[timers];
  const name = `periodic-rejuvenation, ${timers} timers, period ${periodHours} h`;
  const model = simulation("periodic-rejuvenation", century, { timers, periodHours });
  return [
    simulated(downNumber, `${name}: unavailability`, source, down, model.mean("unavailability")),
    simulated(undetectedNumber, `${name}: undetected`, source, undetected, model.mean("undetectedShare")),
  ];
}

export const rejuvenation: Topic = {
  name: "rejuvenation",
  targets: [
    ...huang(0, "0.4904354", "490.4354"),
    ...huang(336, "5.9661046", "554.3310"),
    ...huang(168, "8.7276653", "586.5556"),
    formula(undefined, "rate of restarting above which rejuvenation saves time", HUANG, "104.857", () =>
      restartRateThatPays(chain(0)),
    ),
    formula(undefined, "price ratio below which rejuvenation saves cost", HUANG, "0.028665", () =>
      priceRatioThatPays(chain(0)),
    ),
    ...periodic("exponential", 30, "0.047721741", "0.000118088"),
    ...periodic("exponential", 60, "0.025721931", "0.000245520"),
    ...periodic("exponential", 600, "0.008092947", "0.001340604"),
    ...periodic("exponential", 1050, "0.007973799", "0.001607476"),
    ...periodic("general", 30, "0.046317862", "0.000000718"),
    ...periodic("general", 60, "0.024117519", "0.000005580"),
    ...periodic("general", 300, "0.006666270", "0.000278501"),
    ...periodic("general", 510, "0.005916846", "0.000659342"),
    ...periodic("general", 1050, "0.006861689", "0.001354785"),
    ...periodicSimulated("exponential", 60, "0.025721931", "0.000245520"),
    ...periodicSimulated("exponential", 1050, "0.007973799", "0.001607476"),
    ...periodicSimulated("general", 300, "0.006666270", "0.000278501"),
    ...periodicSimulated("general", 510, "0.005916846", "0.000659342"),
    ...periodicSimulated("general", 1050, "0.006861689", "0.001354785"),
    formula(38, "leaks of an outage of 60 s on the average", LPR, "15.5055551", () => leaksOfOutage(4, 60)),
    formula(38, "leaks of an outage of 600 s on the average", LPR, "150.5005556", () => leaksOfOutage(4, 600)),
  ],
};
