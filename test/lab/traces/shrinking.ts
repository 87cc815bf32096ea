/** Shrinks the leaks of seeds, for the test and the proof. */
import assert from "node:assert/strict";
import { resolveScenario, type Scenario } from "../../../lab/experiment/scenario.ts";
import { conditionOf } from "../../../lab/traces/condition.ts";
import { firstTimeOf, shortestScript, type ShrunkScript } from "../../../lab/traces/shrink.ts";
import type { Settings } from "../../../models/contract/parameters.ts";

export async function shrunk(seed: string, parameters: Settings, where: string, server = 0): Promise<ShrunkScript> {
  const scenario: Scenario = { model: "print-servers", servers: 2, horizonDays: 7, sampleEveryHours: 24, parameters };
  const resolved = await resolveScenario(scenario);
  const selector = { resolved, seed, replication: 1, server };
  const condition = conditionOf(resolved.model, where);
  const until = firstTimeOf(selector, condition, 7 * 86400e6);
  assert.ok(until !== undefined, `${where} does not hold within a week`);
  return shortestScript(selector, condition, until);
}
