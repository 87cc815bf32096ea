/** models/print-servers/scene.ts: at a leak, the lines of the spooler that run are those that skip the close. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import type { Scene } from "../../../models/contract/pictures.ts";
import type { TraceEvent } from "../../../models/contract/reference.ts";

/** The scenes of a server with this spooler, until the wanted event. */
async function sceneAt(spooler: string, isWanted: (event: TraceEvent) => boolean): Promise<Scene> {
  const parameters = { spooler, deleteShare: 0.3 };
  const scenario = { model: "print-servers", servers: 1, horizonDays: 7, sampleEveryHours: 24, parameters };
  const { model, values } = await resolveScenario(scenario);
  const reference = model.reference!(values, "scene", 0, 0);
  for (;;) {
    const before = reference.state!;
    const event = reference.step();
    if (isWanted(event)) return model.scene!(values, before, event, reference.state!);
  }
}

function ran({ code }: Scene): string[] {
  return code.ran.map((line) => code.lines[line].trim());
}

const isSkipped = ({ event, detail }: TraceEvent) => event === "CLOSE_ATTEMPT" && /guard/.test(detail);

test("the buggy spooler returns without closing, and the skipped instance is lost", async () => {
  const scene = await sceneAt("buggy", isSkipped);
  assert.deepEqual(ran(scene), ["close(processors, instance) {", "if (processors.guard[instance] > 0) {", "return;"]);
  const processors = scene.groups.find(({ heading }) => heading === "Print processors")!;
  assert.ok(processors.things.some(({ tone, does }) => tone === "lost" && /until the spooler restarts/.test(does)));
  assert.equal(scene.gauges.find(({ label }) => label === "print processor leaked")!.value, 1);
});

test("the fixed spooler notes that a close is pending, and the last alteration to leave closes", async () => {
  const isDeferred = ({ event, patches }: TraceEvent) =>
    event === "CLOSE_ATTEMPT" && patches.some(({ path, value }) => path[2] === "closePending" && value === 1);
  assert.deepEqual(ran(await sceneAt("fixed", isDeferred)), [
    "close(processors, instance) {",
    "if (processors.guard[instance] > 0) {",
    "processors.closePending[instance] = 1;",
    "return;",
  ]);
  let isPending = false;
  const left = await sceneAt("fixed", (event) => {
    isPending ||= isDeferred(event);
    return isPending && event.event === "CTL_EXIT";
  });
  assert.equal(ran(left).at(-1)!.includes("processors.closeProcessor(instance);"), true);
});

test("a close without an alteration closes", async () => {
  const scene = await sceneAt("buggy", ({ event, detail }) => event === "CLOSE_ATTEMPT" && !/guard/.test(detail));
  assert.deepEqual(ran(scene), [
    "close(processors, instance) {",
    "if (processors.guard[instance] > 0) {",
    "processors.closeProcessor(instance);",
  ]);
});
