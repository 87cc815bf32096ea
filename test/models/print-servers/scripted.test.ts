/** What is drawn for a server and the script that is written of it are the same simulation, for both programs. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { printServers } from "../../../models/print-servers/model.ts";
import { scripted } from "../../../models/print-servers/scripted.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { compare, smallScenarios, valuesOf, type SmallScenario } from "./lockstep.ts";

function digestOf({ seed, server, replication, minutes, settings }: SmallScenario): string {
  const slice = { first: server, count: 1 };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams(seed, replication, slice));
  const simulation = new Simulation(instance, new Digest(server, 1));
  simulation.run(minutes * 60e6);
  return simulation.digest.of(0);
}

function withScript(scenario: SmallScenario): SmallScenario {
  const { seed, server, replication, minutes, settings } = scenario;
  const open = openStreams(seed, replication, { first: server, count: 1 });
  const lines = [...scripted.record(valuesOf(printServers, settings), open, minutes * 60e6)];
  return { ...scenario, settings: { ...settings, jobScript: lines.join("\n") } };
}

const drawn = fc
  .tuple(smallScenarios, fc.constantFrom(0, 2))
  .map(([one, complaintMinutesMean]) => ({ ...one, settings: { ...one.settings, complaintMinutesMean } }));

test("a script of the draws handles exactly the same events in the kernel and in the reference", () => {
  let lines = 0;
  fc.assert(
    fc.property(drawn, (scenario) => {
      const script = withScript(scenario);
      if (script.settings.jobScript === "") return;
      lines += [...scripted.record(valuesOf(printServers, script.settings), openStreams("none"), Infinity)].length;
      assert.equal(digestOf(script), digestOf(scenario));
      assert.equal(compare(script).difference, undefined);
    }),
    { numRuns: 25, seed: 204 },
  );
  assert.ok(lines > 500, `${lines} lines`);
});

test("writing a script down again gives its own lines up to that time", () => {
  const values = valuesOf(printServers, { jobScript: "seconds=1; seconds=2 alter=delete" });
  assert.deepEqual([...scripted.record(values, openStreams("none"), 2e6)], ["seconds=1"]);
});

test("a simpler line says less or has simpler numbers; none is simpler than one with only a time", () => {
  assert.deepEqual(scripted.simpler("seconds=0"), []);
  const simpler = scripted.simpler("seconds=1.5 pages=8 alter=pauseDelete stayMs=30.25,40");
  for (const line of [
    "seconds=1.5 alter=pauseDelete stayMs=30.25,40",
    "seconds=0 pages=8 alter=pauseDelete stayMs=30.25,40",
    "seconds=1.5 pages=4 alter=pauseDelete stayMs=30.25,40",
    "seconds=1.5 pages=8 alter=delete stayMs=30.25,40",
    "seconds=1.5 pages=8 alter=pauseDelete stayMs=40",
    "seconds=1.5 pages=8 alter=pauseDelete stayMs=30,40",
  ]) {
    assert.ok(simpler.includes(line), line);
  }
});
