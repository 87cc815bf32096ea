/** A year of a policy for servers whose responses are given day by day. */
import { HorizonValues } from "../../lab/analysis/horizon-values.ts";
import { policyYear } from "../../lab/studies/policy-costs.ts";
import type { Price } from "../../lab/studies/prices.ts";
import type { Plan } from "../../lab/experiment/plan.ts";
import type { Upkeep } from "../../models/contract/operations.ts";

export const DAY_US = 86400e6;
export const upkeep = {
  noticed: "noticedUs",
  fixed: "fixedUs",
  harmed: "harmedUs",
  waiting: "stuck",
  leak: "units",
  restart: {
    response: "starts",
    takesBack: ["waiting"],
    times: (every: number, until: number) => calendarOf(every, until),
  },
  canaries: { made: "visits" },
} as unknown as Upkeep;

/** Restarts every so many days; none for 0. */
function calendarOf(everyDays: number, until: number): number[] {
  if (everyDays === 0) return [];
  return Array.from({ length: Math.ceil(until / DAY_US / everyDays) - 1 }, (_, i) => (i + 1) * everyDays * DAY_US);
}

export const model = {
  responses: [
    { name: "units", unit: "1", role: "leak", meaning: "", ceiling: "fullUs", leakSize: 1 },
    { name: "staff", unit: "1", role: "total", meaning: "" },
    { name: "waiting", unit: "1", role: "gauge", meaning: "" },
  ],
  limits: () => [{ response: "level", eventTime: "fullUs", level: 40 }],
};

export const prices: Price[] = ["staff", "waiting"].map((response) => ({
  name: response,
  amount: 10,
  response,
  size: 1,
  meaning: "",
}));

/** Values that these functions give, with the accessors that follow from them. */
export function valuesOf(given: Partial<HorizonValues>): HorizonValues {
  return Object.assign(Object.create(HorizonValues.prototype) as HorizonValues, given);
}

/** What a response came to, day by day. */
type Columns = Readonly<Record<string, (day: number) => number>>;

/** One server in one replication. */
export function simulatedByHand(
  columns: Columns,
  restartEveryDays = 0,
  horizonDays = 10,
  sampleHours = 24,
  own: object = model,
): { readonly plan: Plan; readonly values: HorizonValues } {
  const dayOf = (sample: number) => Math.min(((sample + 1) * sampleHours) / 24, horizonDays);
  const at = (name: string, sample: number) => columns[name]?.(sample < 0 ? horizonDays : dayOf(sample)) ?? 0;
  const read = (_: number, name: string, sample = -1) => {
    return Float64Array.of(name.endsWith("Us") && columns[name] === undefined ? NaN : at(name, sample));
  };
  const samples = Math.ceil((24 * horizonDays) / sampleHours);
  const times = () => Array.from({ length: samples }, (_, sample) => dayOf(sample) * DAY_US);
  const point = {
    scenario: { servers: 1, horizonDays, parameters: { every: 24 * restartEveryDays } },
    resolved: { model: own, values: restartEveryDays },
  };
  const plan = { points: [point], experiment: { replications: 1 } } as unknown as Plan;
  return { plan, values: valuesOf({ times, servers: read, totals: read }) };
}

export function yearOf(
  columns: Columns,
  restartEveryDays = 0,
  kept = upkeep,
  horizonDays = 10,
  sampleHours = 24,
  scale = 1,
  own: object = model,
) {
  const { plan, values } = simulatedByHand(columns, restartEveryDays, horizonDays, sampleHours, own);
  return policyYear(plan, values, 0, { prices, upkeep: kept, scale });
}
