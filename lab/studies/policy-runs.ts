/** Simulates the policies of a part of a fleet, as assumed and in other worlds, with restarts at several intervals. */
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import { HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { Execution } from "../execution/execution.ts";
import { runsOfReplication, serverRunsOf } from "../execution/partition.ts";
import { changed, resolvePoints, type DesignPoint, type PlannedPoint } from "../experiment/design-point.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { derive } from "../experiment/override.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import type { FleetPart } from "./fleet-parts.ts";
import { firstWeeks, type LeakKind, type Week, type World } from "./observation-advice.ts";
import { outlookResponses, sizeOf } from "./outlook.ts";
import { AFTER_HORIZON_DAYS, sampleHoursOf } from "./restart-calendar.ts";
import { acrossWorlds, policyYear, type Costing, type PolicyYear } from "./policy-costs.ts";
import { restartHoursOf } from "./restart-calendar.ts";

/** The design points of a part: its policies, in each world that has no random numbers of its own, and restarts. */
export interface PlannedPart {
  readonly name: string;
  readonly plan: Plan;
  /** The responses that are read. */
  readonly names: readonly string[];
  readonly worlds: readonly World[];
  /** By world: the design point of its first policy. */
  readonly firsts: readonly number[];
  /** The design point of the present policy without its restarts by the calendar. */
  readonly unattended: number;
  /** The restart intervals to begin with, whose design points are the last ones [h], and those to try after them. */
  readonly hours: readonly number[];
  readonly longerHours: readonly number[];
}

export interface SimulatedPart extends PlannedPart {
  readonly values: HorizonValues;
  /** The names of the compared policies, and their design points as assumed. */
  readonly policies: readonly string[];
  readonly points: readonly PlannedPoint[];
  /** By world, then policy; and as assumed. */
  readonly years: readonly (readonly PolicyYear[])[];
  /** By world: the first week under the present policy. */
  readonly weeks: readonly Week[];
  readonly assumed: readonly PolicyYear[];
}

/** The policies that are compared, by name, and what the model says of their costs. */
export interface PolicyContext extends Costing {
  readonly policies: readonly string[];
  /** The index of the present policy. */
  readonly asIs: number;
}

/** Plans together everything that is known in advance: policies in each world, and restart intervals. */
export async function planPart(
  experiment: Experiment,
  { name, points }: FleetPart,
  base: PlannedPoint,
  worlds: readonly World[],
  { asIs, upkeep, prices }: PolicyContext,
): Promise<PlannedPart> {
  const { horizonDays } = base.scenario;
  const { hours, longerHours } = restartHoursOf(horizonDays, upkeep.restart.stepHours(base.resolved.values));
  let next = 0;
  const own = worlds.filter(({ seed }) => seed === undefined);
  const firsts = own.map(({ isAssumed }) => (isAssumed ? 0 : (next += points.length)));
  const policies = [
    ...points,
    ...own.flatMap(({ setting, isAssumed }) => (isAssumed ? [] : points.map((one) => changed(one, setting)))),
  ];
  const isRestarted = Number(base.scenario.parameters[upkeep.restart.parameter] ?? 0) > 0;
  const unattended = isRestarted ? policies.length : asIs;
  if (isRestarted) policies.push(changed(itemAt(points, asIs), { [upkeep.restart.parameter]: 0 }));
  for (const every of hours) policies.push(changed(itemAt(points, asIs), { [upkeep.restart.parameter]: every }));
  const plan = await planPolicies(experiment, policies, horizonDays);
  return {
    name,
    plan,
    names: policyResponses(plan, { prices, upkeep }),
    worlds,
    firsts,
    unattended,
    hours,
    longerHours,
  };
}

/** A plan of policies that are simulated until shortly after the horizon, with as many samples as their costs need. */
export async function planPolicies(
  experiment: Experiment,
  policies: readonly DesignPoint[],
  horizonDays: number,
): Promise<Plan> {
  const extent = { horizonDays: horizonDays + AFTER_HORIZON_DAYS };
  const extended = policies.map((policy) => changed(policy, {}, extent));
  return planAtHorizon(experiment, extended, () => sampleHoursOf(horizonDays));
}

/** The responses that the costs of policies need. */
export function policyResponses(plan: Plan, { prices, upkeep }: Pick<Costing, "prices" | "upkeep">): string[] {
  const { restart, harmed, waiting, canaries } = upkeep;
  const priced = prices.map(({ response }) => response);
  const changes = [canaries.made, canaries.undone, canaries.halted, restart.forChanges].filter(
    (name) => name !== undefined,
  );
  const relapses = plan.points.flatMap(({ resolved }) => restart.relapses?.(resolved.values) ?? []);
  const read = [...priced, restart.response, ...relapses, harmed, waiting, ...changes, ...(canaries.ended ?? [])];
  return [...new Set([...read, ...outlookResponses(plan, upkeep)])];
}

export async function simulatePart(
  experiment: Experiment,
  part: PlannedPart,
  executing: Executing,
  context: PolicyContext,
): Promise<SimulatedPart> {
  const { plan, names, firsts, worlds } = part;
  const { asIs, upkeep, prices, policies } = context;
  const values = await HorizonValues.of(plan, names, executing);
  const points = plan.points.slice(0, policies.length);
  const yearsFrom = (first: number) => {
    return policies.map((_, policy) => policyYear(plan, values, first + policy, context, first + asIs));
  };
  const kinds = (point: PlannedPoint) => leakKinds(point, names, upkeep);
  const drawn = worlds.filter(({ seed }) => seed !== undefined);
  if (drawn.length === 0) {
    const present = firsts.map((first) => first + asIs);
    const [years, weeks] = [firsts.map(yearsFrom), firstWeeks(plan, values, present, prices, kinds)];
    return { ...part, values, policies, points, years, weeks, assumed: yearsFrom(0) };
  }
  const own = await simulatedWorlds(experiment, part, drawn, points, executing);
  const present = drawn.map((_, world) => own.pointOf(world, asIs));
  const years = present.map((unchanged, world) => {
    const points = policies.map((_, policy) => own.pointOf(world, policy));
    return points.map((point) => policyYear(own.plan, own.values, point, context, unchanged));
  });
  const weeks = firstWeeks(own.plan, own.values, present, prices, kinds);
  const assumed = policies.map((_, policy) => acrossWorlds(years.map((of) => itemAt(of, policy))));
  return { ...part, values, policies, points, years, weeks, assumed };
}

/** The present policy of a part with restarts at this interval [h]. */
export async function restartedEvery(
  { points }: Pick<SimulatedPart, "points">,
  hours: number,
  { asIs, upkeep }: PolicyContext,
): Promise<PlannedPoint> {
  const [point] = await resolvePoints([changed(itemAt(points, asIs), { [upkeep.restart.parameter]: hours })]);
  return point!;
}

/** A year of the policy of each of these design points. */
export async function yearsOf(
  experiment: Experiment,
  { names }: Pick<PlannedPart, "names">,
  points: readonly DesignPoint[],
  { progress: _, ...quietly }: Executing,
  costing: Costing,
): Promise<PolicyYear[]> {
  const plan = await planAtHorizon(experiment, points, (i) => itemAt(points, i).scenario.sampleEveryHours);
  const values = await HorizonValues.of(plan, names, quietly);
  return points.map((_, i) => policyYear(plan, values, i, costing));
}

/** The part with one more policy, simulated in every world. */
export async function withPolicy(
  experiment: Experiment,
  part: SimulatedPart,
  name: string,
  point: PlannedPoint,
  executing: Executing,
  context: PolicyContext,
): Promise<SimulatedPart> {
  const { worlds, years, policies, points, assumed } = part;
  const more = { ...part, policies: [...policies, name], points: [...points, point] };
  const joined = (own: readonly PolicyYear[]) => years.map((all, world) => [...all, itemAt(own, world)]);
  const drawn = worlds.filter(({ seed }) => seed !== undefined);
  if (drawn.length > 0) {
    const { plan, values } = await simulatedWorlds(experiment, part, drawn, [point], executing);
    const own = drawn.map((_, world) => policyYear(plan, values, world, context));
    return { ...more, years: joined(own), assumed: [...assumed, acrossWorlds(own)] };
  }
  const others = worlds.filter(({ isAssumed }) => !isAssumed);
  const simulated = [point, ...others.map(({ setting }) => changed(point, setting))];
  const [here, ...there] = await yearsOf(experiment, part, simulated, executing, context);
  const own = worlds.map((world) => (world.isAssumed ? here! : itemAt(there, others.indexOf(world))));
  return { ...more, years: joined(own), assumed: [...assumed, here!] };
}

/** The leaks that can be counted in a week: those that a fix stops, and those of other causes. */
function leakKinds(point: PlannedPoint, names: readonly string[], { leak, otherLeaks = [] }: Upkeep): LeakKind[] {
  const leaks = point.resolved.model.responses.filter(({ name }) => {
    return name === leak || (otherLeaks.includes(name) && names.includes(name));
  });
  return leaks.map(({ name, leakSize }) => ({
    name,
    size: leakSize === undefined ? undefined : sizeOf(leakSize, point),
  }));
}

/**
 * Simulates the design points in each of the worlds together. Each world uses replications that no other world uses, so
 * the worlds are independent observations.
 */
export async function simulatedWorlds(
  experiment: Experiment,
  { names }: Pick<PlannedPart, "names">,
  worlds: readonly World[],
  points: readonly PlannedPoint[],
  { progress: _, ...quietly }: Executing,
) {
  const replications = replicationsOfWorld(experiment);
  const { seed } = itemAt(worlds, 0);
  const of = derive(experiment, [], { seed: `${experiment.seed}, ${seed}`, replications });
  const plan = await planAtHorizon(
    of,
    worlds.flatMap(({ setting }) => points.map((point) => changed(point, setting))),
    (i) => itemAt(points, i % points.length).scenario.sampleEveryHours,
  );
  const firstOf = (index: number) => Math.floor(index / points.length) * replications;
  const { sliceSize } = quietly;
  function* runs() {
    for (const point of plan.points) {
      for (let i = 0; i < replications; i++) {
        yield* runsOfReplication(plan.experiment, point, firstOf(point.index) + i, sliceSize);
      }
    }
  }
  async function* results() {
    for await (const result of new Execution(quietly, undefined, serverRunsOf(plan)).results(runs())) {
      yield { ...result, replication: result.replication - firstOf(result.point) };
    }
  }
  return {
    plan,
    values: await HorizonValues.from(plan, names, results()),
    pointOf: (world: number, index: number) => world * points.length + index,
  };
}

/** The seed of replications that chose nothing. */
export function freshSeed({ seed }: Experiment): string {
  return `${seed}, judged`;
}

/** Many worlds with few replications tell more than few worlds with many. */
export function replicationsOfWorld({ replications }: Experiment): number {
  return Math.max(2, Math.ceil(replications / 4));
}

export function drawnWorlds(worlds: readonly Settings[], seed = "worlds"): World[] {
  return worlds.map((setting, i) => ({ value: i + 1, weight: 1 / worlds.length, setting, isAssumed: false, seed }));
}
