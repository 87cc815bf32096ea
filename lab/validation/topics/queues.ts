/** Queues: Erlang, Pollaczek and Khinchine, Kingman, a gambler's ruin, and a path that another program published. */
import type { Settings } from "../../../models/contract/parameters.ts";
import {
  erlangDelay,
  erlangLoss,
  fullBeforeEmpty,
  meanWaitMg1,
  meanWaitMmc,
  meanWaitVut,
  waitBoundKingman,
} from "../../../statistics/queueing.ts";
import { BATCHES } from "../../../statistics/batch-means.ts";
import { mean } from "../../../statistics/estimate.ts";
import { designPoints } from "../../experiment/design.ts";
import { buildExperiment } from "../../experiment/load.ts";
import { planResults } from "../../experiment/plan.ts";
import { waitsOfQueue } from "../ssj-programs.ts";
import { warmUpsOf } from "../../studies/warm-up.ts";
import { simulation, type Replicated } from "../simulation.ts";
import { formula, simulated, vector, type Topic } from "../target.ts";
import { itemAt } from "../../lists.ts";

const ERLANG = "computed from Erlang's formulas (1917; Kleinrock, Queueing Systems 1, 3.5)";
const LOSS = "computed from Erlang's loss formula (1917; for any law of service: Sevastyanov 1957)";
const POLLACZEK = "computed from the formula of Pollaczek (1930) and Khinchine (1932)";
const SSJ_QUEUE = "printed by SSJ, QueueObs.res";

const mm1 = (serviceLaw: string) =>
  simulation("mm1", { servers: 1, replications: 40, horizonDays: 0.5 }, { serviceLaw });
const mmc = (horizonDays: number, parameters: Settings) =>
  simulation("mmc", { servers: 1, replications: 40, horizonDays }, parameters);

const one = mm1("exponential");
const three = mmc(0.25, {});
const ten = mmc(0.1, { arrivalsPerSecond: 8, clerks: 10 });
const lossy = (serviceLaw: string) => mmc(0.05, { arrivalsPerSecond: 3, clerks: 5, whenBusy: "leave", serviceLaw });

/** One run of two days. */
async function singleRun(): Promise<Replicated> {
  const scenario = { model: "mm1", horizonDays: 2, parameters: { arrivalsPerSecond: 0.8, servicesPerSecond: 1 } };
  const once = { question: "?", seed: "validate", replications: 1, scenario: { ...scenario, sampleEveryHours: 0.096 } };
  const experiment = buildExperiment("single-run", once, "/");
  const plan = planResults(experiment, await designPoints(experiment));
  const machine = { workers: 1, sliceSize: 1, signal: new AbortController().signal };
  const { rows } = await warmUpsOf(plan, { ...machine, observations: 500, names: ["waitUsMean"] });
  return { estimate: itemAt(rows, 0).all, replications: BATCHES };
}

const waits = () => waitsOfQueue(2, 100);

export const queues: Topic = {
  name: "queues",
  targets: [
    formula(31, "M/M/3, offered load 2: share who wait", ERLANG, "0.444444444444", () => erlangDelay(3, 2)),
    formula(31, "M/M/3, offered load 2: mean wait", ERLANG, "0.444444444444", () => meanWaitMmc(2, 1, 3)),
    formula(31, "M/M/10, offered load 8: share who wait", ERLANG, "0.409180150796", () => erlangDelay(10, 8)),
    formula(31, "M/M/10, offered load 8: mean wait", ERLANG, "0.204590075", () => meanWaitMmc(8, 1, 10)),
    formula(undefined, "M/G/5/5, offered load 3: share lost", LOSS, "0.110054347826", () => erlangLoss(5, 3)),
    formula(32, "M/M/1, rho 0.8: mean wait", POLLACZEK, "4.000000000000", () => meanWaitMg1(0.8, 1, 1)),
    formula(32, "M/D/1, rho 0.8: mean wait", POLLACZEK, "2.000000000000", () => meanWaitMg1(0.8, 1, 0)),
    formula(32, "M/E2/1, rho 0.8: mean wait", POLLACZEK, "3.000000000000", () => meanWaitMg1(0.8, 1, 0.5)),
    formula(32, "M/H2/1, rho 0.8, cs2 4: mean wait", POLLACZEK, "10.00000000000", () => meanWaitMg1(0.8, 1, 4)),
    formula(
      undefined,
      "M/M/1, rho 0.8: Kingman's bound",
      "computed from Kingman's bound (1962)",
      "5.125000000000",
      () => waitBoundKingman(0.8, 1, 1 / (0.8 * 0.8), 1),
    ),
    formula(
      undefined,
      "M/M/1, rho 0.8: VUT",
      "computed from Hopp and Spearman's VUT (1996, 8.6)",
      "4.000000000000",
      () => meanWaitVut(0.8, 1, 1, 1),
    ),
    formula(
      41,
      "M/M/1, rho 0.5: chance to reach 10 customers before 0",
      "computed from the gambler's ruin (Feller 1, XIV.2)",
      "0.000977517106549365",
      () => fullBeforeEmpty(0.5, 10),
    ),
    formula(
      41,
      "M/M/1, rho 0.5: chance to reach 20 customers before 0",
      "computed from the gambler's ruin (Feller 1, XIV.2)",
      "9.53675225902e-7",
      () => fullBeforeEmpty(0.5, 20),
    ),
    ...[
      [5, "0.7326681134"],
      [10, "0.5885316646"],
      [15, "1.0432521364"],
      [25, "1.1931739005"],
      [50, "0.2523076722"],
      [85, "0.0079458374"],
      [100, "0.5757258814"],
    ].map(([customer, wait]) =>
      vector(28, `mm1 on MRG32k3a: wait of customer ${customer}`, SSJ_QUEUE, String(wait), () =>
        itemAt(itemAt(waits(), 0), Number(customer) - 1),
      ),
    ),
    vector(28, "mm1 on MRG32k3a: mean wait of run 1", SSJ_QUEUE, "0.4052045675", () => mean(itemAt(waits(), 0))),
    vector(28, "mm1 on MRG32k3a: mean wait of run 2", SSJ_QUEUE, "0.1998623365", () => mean(itemAt(waits(), 1))),
    simulated(
      31,
      "mmc, 3 clerks, offered load 2: share who wait",
      ERLANG,
      "0.444444444444",
      three.mean("delayedShare"),
    ),
    simulated(31, "mmc, 3 clerks, offered load 2: mean wait [us]", ERLANG, "444444.444444", three.mean("waitUsMean")),
    simulated(31, "mmc, 10 clerks, offered load 8: share who wait", ERLANG, "0.409180150796", ten.mean("delayedShare")),
    simulated(31, "mmc, 10 clerks, offered load 8: mean wait [us]", ERLANG, "204590.075", ten.mean("waitUsMean")),
    ...["constant", "exponential", "hyperexponential"].map((law) =>
      simulated(
        undefined,
        `mmc, 5 clerks, offered load 3, ${law} service: share lost`,
        LOSS,
        "0.110054347826",
        lossy(law).mean("lostShare"),
      ),
    ),
    simulated(32, "mm1, rho 0.8, exponential service: mean wait [us]", POLLACZEK, "4e6", one.mean("waitUsMean")),
    ...Object.entries({ constant: "2e6", erlang2: "3e6", hyperexponential: "10e6" }).map(([law, wait]) =>
      simulated(32, `mm1, rho 0.8, ${law} service: mean wait [us]`, POLLACZEK, wait, mm1(law).mean("waitUsMean")),
    ),
    simulated(
      undefined,
      "mm1, rho 0.8, half a day: customers served, with arrivals as a control variate",
      "computed from M/M/1: those that arrive, less rho / (1 - rho) that are still there",
      "34556",
      one.controlled("customersServed", "customersArrived", 0.8 * 43_200),
    ),
    simulated(undefined, "mm1, rho 0.8, one run, 20 batches: mean wait [us]", POLLACZEK, "4e6", singleRun),
    simulated(
      32,
      "mm1, rho 0.8, exponential service: mean time in the system [us]",
      POLLACZEK,
      "5e6",
      one.mean("sojournUsMean"),
    ),
  ],
};
