/** Re-entry: the four readings of the guard window. */
import { unitLaws } from "../../../models/unit-laws.ts";
import { exp } from "../../../sim/math.ts";
import { leakedTotal } from "../../../statistics/exhaustion.ts";
import {
  leakRateExtending,
  leakRateFixed,
  leaksExtendingConstant,
  leaksFixedConstant,
} from "../../../statistics/reentry.ts";
import { simulation } from "../simulation.ts";
import { formula, simulated, type Topic } from "../target.ts";

const CLOSE = "computed from the Laplace transform of the window";
const TYPE_1 = "computed from the counter of type I (Feller 2, XI.3)";
const TYPE_2 = "computed from the counter of type II (Feller 2, XIV.10; Takacs 1958)";

const dense = { alterationsPerSecond: 2, windowSeconds: 0.25 };
const extent = { servers: 1, replications: 40, horizonDays: 0.2 };

const atClose = (reading: string, windowLaw: string) => simulation("guard-window", extent, { reading, windowLaw });
const inJob = (reading: string, windowLaw: string) =>
  simulation("guard-window", extent, { ...dense, reading, windowLaw });
/** One job that never ends: its clean start is a second of hours. */
const exposed = (reading: string, windowLaw: string) =>
  simulation("guard-window", extent, { ...dense, reading, windowLaw, jobSeconds: 1e9 });

/** The worked default: 2000 jobs a day, of which a share leaks 4096 B. */
const chanceOfJob = 1 - exp(-0.004 * 5);

export const reentry: Topic = {
  name: "re-entry",
  targets: [
    formula(
      33,
      "once per close, a 0.2, constant w 0.5: leaks of a job",
      CLOSE,
      "0.0951625820",
      () => 1 - unitLaws.constant.laplace(0.1),
    ),
    formula(
      33,
      "once per close, a 0.2, exponential w 0.5: leaks of a job",
      CLOSE,
      "0.0909090909",
      () => 1 - unitLaws.exponential.laplace(0.1),
    ),
    formula(34, "fixed window, a 2, w 0.25: leaks per unit of time", TYPE_1, "0.6666666667", () =>
      leakRateFixed(2, 0.25),
    ),
    formula(35, "extending window, a 2, w 0.25: leaks per unit of time", TYPE_2, "0.7869386806", () =>
      leakRateExtending(2, 0.25),
    ),
    formula(36, "fixed window, a 2, w 0.25: leaks of a job of 3", TYPE_1, "1.9444444444", () =>
      leaksFixedConstant(2, 0.25, 3),
    ),
    formula(36, "extending window, a 2, w 0.25: leaks of a job of 3", TYPE_2, "2.2706120313", () =>
      leaksExtendingConstant(2, 0.25, 3),
    ),
    formula(undefined, "once per close, a 0.004/s, w 5 s: leaks of a job", CLOSE, "0.0198013267", () => chanceOfJob),
    formula(
      undefined,
      "2000 jobs a day, 4096 B a leak: bytes a day",
      "computed from a thinned Poisson process",
      "162212.468",
      () => leakedTotal(2000 * chanceOfJob, { mean: 4096, variance: 0 }, 1).mean,
    ),
    simulated(
      33,
      "guard-window, once per close, constant: leaks of a job",
      CLOSE,
      "0.0951625820",
      atClose("once-per-close", "constant").mean("leaksPerJob"),
    ),
    simulated(
      33,
      "guard-window, once per close, exponential: leaks of a job",
      CLOSE,
      "0.0909090909",
      atClose("once-per-close", "exponential").mean("leaksPerJob"),
    ),
    simulated(
      undefined,
      "guard-window, each per close, erlang2: leaks of a job",
      "computed from Poisson's law: a w",
      "0.1000000000",
      atClose("each-per-close", "erlang2").mean("leaksPerJob"),
    ),
    // 86400 a (a w) / (1 + a w), and 86400 a (1 - e^(-a w)).
    ...["constant", "exponential", "hyperexponential"].map((law) =>
      simulated(
        34,
        `guard-window, fixed, ${law}: leaks of a day's exposure`,
        TYPE_1,
        "57600.0000",
        exposed("fixed", law).rate("leaks"),
      ),
    ),
    ...["constant", "exponential", "hyperexponential"].map((law) =>
      simulated(
        35,
        `guard-window, extending, ${law}: leaks of a day's exposure`,
        TYPE_2,
        "67991.5020",
        exposed("extending", law).rate("leaks"),
      ),
    ),
    simulated(
      36,
      "guard-window, fixed, constant: leaks of a job of 3",
      TYPE_1,
      "1.9444444444",
      inJob("fixed", "constant").mean("leaksPerJob"),
    ),
    simulated(
      36,
      "guard-window, extending, constant: leaks of a job of 3",
      TYPE_2,
      "2.2706120313",
      inJob("extending", "constant").mean("leaksPerJob"),
    ),
  ],
};
