/**
 * Rare events by splitting, against closed forms, at less than a hundredth of what plain simulation would cost. Those
 * by thinning are leaks of the print servers (print-servers.ts).
 */
import type { Instance, OpenStreams } from "../../../models/contract/instance.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import type { Model } from "../../../models/model.ts";
import type { Schedule } from "../../../sim/simulation.ts";
import { resolvePoints } from "../../experiment/design-point.ts";
import { buildExperiment } from "../../experiment/load.ts";
import { itemAt } from "../../lists.ts";
import { split, type RareEvent } from "../../studies/rare-event.ts";
import { conditionOf } from "../../traces/condition.ts";
import type { Replicated } from "../simulation.ts";
import { simulated, type Topic } from "../target.ts";

const SEED = "validate";
const STEPS = { trajectories: 200, steps: 20 };

/** Steps up one time in three, else down, from 1, until it is at 0 or at 20. */
class Walk implements Instance {
  readonly columns: readonly [Float64Array];
  private readonly steps;

  constructor(open: OpenStreams) {
    this.columns = [Float64Array.of(1)];
    this.steps = open("steps");
  }

  start(schedule: Schedule): void {
    schedule.after(1, 0, 0, 0);
  }

  handle(_kind: number, _subject: number, _object: number, schedule: Schedule): void {
    const [money] = this.columns;
    const left = itemAt(money, 0) + (this.steps.draw(0) < 1 / 3 ? 1 : -1);
    money[0] = left;
    if (left > 0 && left < 20) schedule.after(1, 0, 0, 0);
  }

  observe(): void {}
  check(): void {}
}

const walk: Model = {
  name: "walk",
  meaning: "a gambler who loses two bets in three",
  kinds: ["STEP"],
  parameters: {},
  responses: [{ name: "money", unit: "1", role: "gauge", meaning: "what the gambler has" }],
  create: (_values, _slice, open) => new Walk(open),
  keepsStateInFields: true,
};

export function replicated({ probability, servers }: RareEvent): Replicated {
  return { estimate: probability, replications: servers };
}

async function ruin(): Promise<Replicated> {
  const scenario = { model: "walk", servers: 20, horizonDays: 1e-3, sampleEveryHours: 1, parameters: {} };
  const point = { index: 0, levels: {}, scenario, resolved: { model: walk, values: {}, scenario, given: {} } };
  const experiment = { seed: SEED, replications: 1 };
  return replicated(await split(experiment, point, conditionOf(walk, "money >= 20"), STEPS));
}

/** The design point of 20 servers for a day. */
export async function dayOf(model: string, parameters: Settings) {
  const scenario = { model, servers: 20, horizonDays: 1, sampleEveryHours: 24, parameters };
  const experiment = buildExperiment("rare", { question: "?", seed: SEED, replications: 1, scenario }, "/");
  const [point] = await resolvePoints([{ index: 0, levels: {}, scenario }]);
  return { experiment, point: point! };
}

async function tenLeaks(): Promise<Replicated> {
  const { experiment, point } = await dayOf("exhaustion", { leaksPerDay: 1 });
  return replicated(
    await split(experiment, point, conditionOf(point.resolved.model, "leaks >= 10"), { ...STEPS, trajectories: 600 }),
  );
}

export const POISSON = "computed from Poisson's law";

export const rareEvents: Topic = {
  name: "rare-events",
  targets: [
    simulated(
      undefined,
      "splitting: a gambler with 1 reaches 20 before 0, losing two bets in three",
      "computed from the gambler's ruin: 1 / (2^20 - 1)",
      "9.5367522590e-7",
      ruin,
    ),
    simulated(
      undefined,
      "splitting, exhaustion: 10 or more leaks in a day, where the mean is 1",
      POISSON,
      "1.11425478e-7",
      tenLeaks,
    ),
  ],
};
