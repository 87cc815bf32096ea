/**
 * Simulations for targets: a scenario that is replicated by the same `execute` as every experiment, and the estimates
 * that its tables would contain.
 *
 * A scenario is simulated only once, when its first estimate is requested.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import { controlledMean } from "../../statistics/control-variates.ts";
import { meanEstimate, ratioEstimate, sum, type Estimate } from "../../statistics/estimate.ts";
import { execute, SLICE_SIZE } from "../execution/run.ts";
import { resolveScenario, type Scenario } from "../experiment/scenario.ts";

/** The seed of every simulation of the catalogue. */
const SEED = "validate";

export interface Replicated {
  readonly estimate: Estimate;
  readonly replications: number;
}

export interface Simulation {
  /** A mean of the model, over all servers. */
  mean(name: string): () => Promise<Replicated>;
  /**
   * One response divided by another, both summed over all servers: an estimate, and the value over all replications.
   */
  ratio(of: string, per: string): () => Promise<Replicated>;
  quotient(of: string, per: string): () => Promise<number>;
  /** The total of a response over all servers and replications. */
  total(response: string): () => Promise<number>;
  /** The mean of a response per replication, with a control variate whose mean is known. */
  controlled(response: string, control: string, mean: number): () => Promise<Replicated>;
  /** The rate of a response, per server-day. */
  rate(response: string): () => Promise<Replicated>;
  /** The share of servers that have not had the event by then. */
  survival(eventTime: string, days: number): () => Promise<Replicated>;
}

/** The size of a simulation: servers x replications, each as long as the horizon. */
export interface Extent {
  readonly servers: number;
  readonly replications: number;
  readonly horizonDays: number;
}

/** The responses of a replication at its horizon; the values of a response are those of all servers. */
type Columns = ReadonlyMap<string, Float64Array>;

export function simulation(
  model: string,
  { servers, replications, horizonDays }: Extent,
  parameters: Settings,
): Simulation {
  const scenario: Scenario = { model, servers, horizonDays, sampleEveryHours: horizonDays * 24, parameters };
  let running: Promise<Columns[]> | undefined;
  const columns = () => (running ??= replicate(scenario, replications));
  const totals = async (name: string) => (await columns()).map((one) => sum(one.get(name)!));
  return {
    mean: (name) => async () => {
      const { means = [] } = (await resolveScenario(scenario)).model;
      const { of, per } = means.find((mean) => mean.name === name)!;
      return { estimate: ratioEstimate(await totals(of), await totals(per)), replications };
    },
    ratio: (of, per) => async () => ({ estimate: ratioEstimate(await totals(of), await totals(per)), replications }),
    quotient: (of, per) => async () => sum(await totals(of)) / sum(await totals(per)),
    total: (response) => async () => sum(await totals(response)),
    controlled: (response, control, mean) => async () => {
      const { estimate } = controlledMean(await totals(response), [{ values: await totals(control), mean }]);
      // The control costs a degree of freedom.
      return { estimate, replications: replications - 1 };
    },
    rate: (response) => async () => {
      return { estimate: meanEstimate(await totals(response), servers * horizonDays), replications };
    },
    survival: (eventTime, days) => async () => {
      const left = (await columns()).map((one) => one.get(eventTime)!.filter((time) => !(time <= days * US_PER_DAY)));
      return {
        estimate: meanEstimate(
          left.map(({ length }) => length),
          servers,
        ),
        replications,
      };
    },
  };
}

async function replicate(requested: Scenario, replications: number): Promise<Columns[]> {
  const { model, scenario } = await resolveScenario(requested);
  const { servers: count } = scenario;
  const all: Columns[] = [];
  for (let replication = 0; replication < replications; replication++) {
    const run = { point: 0, replication, seed: SEED, scenario, first: 0, count, sliceSize: SLICE_SIZE };
    const { samples } = await execute(run);
    all.push(new Map(model.responses.map(({ name }, r) => [name, samples.slice(r * count, (r + 1) * count)])));
  }
  return all;
}
