/** Which server has what installed at the start, what a visit leaves behind, and which estates are mistakes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  InstalledPatches,
  firstState,
  firstStates,
  fixedThroughout,
  unfixedPart,
  validateInstalledPatches,
} from "../../../../models/print-servers/upkeep/installed-patches.ts";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { Workload } from "../../../../models/print-servers/workload.ts";
import { openStreams } from "../../../../sim/streams.ts";
import { valuesOf } from "../lockstep.ts";

const HOUR = 3.6e9;
const undecided = { servicePack: 1, hotfix: 1, key: 1 };

function patches(settings: Settings, count = 1): InstalledPatches {
  const values = valuesOf(printServers, settings);
  const begun = new InstalledPatches(
    values,
    count,
    new Workload(values, openStreams("patches", 0, { first: 0, count }), count),
  );
  for (let server = 0; server < count; server++) begun.begin(server, { now: 0 });
  return begun;
}

test("a server begins with the given service pack, or with the drawn one", () => {
  const values = valuesOf(printServers, { sp3Share: 0.25, sp5Share: 0.25, sp6Share: 0.25 });
  const packs = [0, 0.24, 0.25, 0.5, 0.75, 0.99].map((servicePack) => {
    return firstState(values, { ...undecided, servicePack }).running.servicePack;
  });
  assert.deepEqual(packs, ["3", "3", "5", "6", "4", "4"]);
});

test("a bug counts as fixed throughout only if every server begins fixed and nothing is installed", () => {
  const throughout = (settings: Settings) => fixedThroughout(valuesOf(printServers, settings), "Q224345");
  assert.equal(throughout({}), false);
  assert.equal(throughout({ sp3Share: 0.5, sp5Share: 0.5 }), false);
  assert.equal(throughout({ servicePack: "6" }), true);
  assert.equal(throughout({ hotfixed: true }), true);
  assert.equal(throughout({ sp6Share: 0.5 }), undefined);
  assert.equal(throughout({ hotfixedShare: 0.5 }), undefined);
  assert.equal(throughout({ patchOrder: "sp6" }), undefined);
});

test("a server that begins with the hotfix has its printers in the Software hive", () => {
  const values = valuesOf(printServers, { hotfixed: true, sp3Share: 0.5 });
  const hotfixed = firstState(values, undecided);
  assert.deepEqual([hotfixed.running.hotfix, hotfixed.printerStore, hotfixed.visible], [true, "SOFTWARE", true]);
  assert.equal(firstState(values, { ...undecided, servicePack: 0 }).running.hotfix, false);
});

test("the part of a fleet without the fix has the other servers in their proportions", () => {
  const part = (settings: Settings) => unfixedPart(valuesOf(printServers, settings));
  assert.deepEqual(part({}), {});
  assert.deepEqual(part({ sp3Share: 0.25, sp5Share: 0.25 }), {}, "none has the fix");
  assert.equal(part({ servicePack: "6" }), undefined);
  assert.equal(part({ hotfixed: true }), undefined);
  const none = { hotfixed: false, hotfixedShare: 0, sp6Share: 0 };
  // Of 4 tenths with SP3, which refuses the hotfix, and 6 with SP4, half of which have it: 4 and 3 are left.
  assert.deepEqual(part({ sp3Share: 0.4, hotfixedShare: 0.5 }), { ...none, sp3Share: 0.4 / 0.7, sp5Share: 0 });
  assert.deepEqual(part({ sp5Share: 0.25, sp6Share: 0.5 }), { ...none, sp3Share: 0, sp5Share: 0.5 });
  assert.deepEqual(part({ servicePack: "6", sp5Share: 0.25 }), { ...none, sp3Share: 0, sp5Share: 1 });
  const terminal = { edition: "TSE", sp5Share: 0.25, sp3Share: 0.25 };
  assert.deepEqual(part(terminal), { ...none, sp3Share: 0.25 / 0.75, sp5Share: 0 });
});

test("every starting state of a mixed fleet is listed once", () => {
  assert.equal(firstStates(valuesOf(printServers, {})).length, 1);
  const mixed = valuesOf(printServers, { sp3Share: 0.2, sp6Share: 0.3, hotfixedShare: 0.5 });
  assert.equal(firstStates(mixed).length, 3 * 2);
  const whole = firstStates(valuesOf(printServers, { sp5Share: 1 }));
  assert.deepEqual(
    whole.map(({ running }) => running.servicePack),
    ["5"],
  );
});

test("a mixed fleet is composed of its shares", () => {
  const count = 2000;
  const mixed = patches({ sp6Share: 0.25 }, count);
  let fixed = 0;
  for (let server = 0; server < count; server++) {
    fixed += mixed.fixedNow[server];
  }
  // Five standard deviations of a binomial.
  assert.ok(Math.abs(fixed / count - 0.25) < 5 * Math.sqrt((0.25 * 0.75) / count), `${fixed} of ${count}`);
});

test("a visit takes effect when the service has restarted, and takes as long as what it installs", () => {
  const one = patches({ patchOrder: "hotfix-sp6", hotfixMinutes: 10, servicePackMinutes: 30, rebootMs: 60_000 });
  assert.equal(one.prepare(0, 0), 11 * 60e6);
  assert.equal(one.fixedNow[0], 0);
  assert.equal(one.start(0, { now: HOUR }), true);
  assert.deepEqual([one.fixedNow[0], one.fixedUs[0], one.nextVisit(0)], [1, HOUR, 1]);
  assert.equal(one.prepare(0, 1), 31 * 60e6);
  assert.equal(one.start(0, { now: 2 * HOUR }), false, "the printers are lost");
  assert.deepEqual([one.fixedNow[0], one.printersLostUs[0], one.nextVisit(0)], [1, 2 * HOUR, undefined]);
  one.prepareRestoration(0);
  one.endHiding(0, { now: 5 * HOUR });
  assert.equal(one.start(0, { now: 6 * HOUR }), true);
  assert.deepEqual([one.pastHiddenUs[0], one.printersLostUs[0]], [3 * HOUR, 2 * HOUR]);
});

test("a refused visit changes nothing and is counted", () => {
  const old = patches({ servicePack: "3", patchOrder: "hotfix" });
  assert.equal(old.prepare(0, 0), undefined);
  assert.deepEqual([old.visitsRefused[0], old.visitsMade[0], old.nextVisit(0)], [1, 0, undefined]);
});

test("the visit after the last one uninstalls what was installed", () => {
  const one = patches({ patchOrder: "hotfix", hotfixMinutes: 10, rebootMs: 0 });
  one.prepare(0, 0);
  one.start(0, { now: HOUR });
  assert.equal(one.prepare(0, one.visits), 10 * 60e6);
  assert.equal(one.start(0, { now: 2 * HOUR }), true, "the printers were saved, and are restored");
  assert.deepEqual([one.fixedNow[0], one.visitsUndone[0]], [0, 1]);
});

test("lost printers that the value does not bring back are restored from the backup", () => {
  const one = patches({ patchOrder: "hotfix-sp5" });
  for (const visit of [0, 1]) {
    one.prepare(0, visit);
    one.start(0, { now: visit });
  }
  assert.ok(!Number.isNaN(one.printersLostUs[0]));
  one.prepareRestoration(0);
  assert.equal(one.start(0, { now: HOUR }), true);
  assert.equal(one.fixedNow[0], 0, "Service Pack 5 has overwritten the fix");
});

test("Service Pack 5 keeps restarted jobs when the service restarts (Q219355)", () => {
  assert.deepEqual(
    ["3", "4", "5", "6"].map((servicePack) => patches({ servicePack }).sparesRestarted(0)),
    [false, false, true, true],
  );
});

test("impossible installed patches are refused with the value and the rule", () => {
  const refuse = (settings: Settings) => validateInstalledPatches(valuesOf(printServers, settings));
  assert.equal(refuse({}), undefined);
  assert.equal(refuse({ patchOrder: "hotfix", sp3Share: 0.5 }), undefined, "some can take it");
  assert.match(
    refuse({ patchOrder: "hotfix", servicePack: "3" })!,
    /^patchOrder is hotfix; no server of the fleet can take it: installHotfix: .* not 3 \(Q225095\)$/,
  );
  assert.match(refuse({ patchOrder: "sp6", edition: "TSE", processor: "alpha" })!, /x86 only/);
  assert.match(refuse({ hotfixed: true, servicePack: "3" })!, /^hotfixed is true; installHotfix: .*Q225095/);
  assert.match(refuse({ edition: "TSE", servicePack: "6a" })!, /^servicePack is 6a; edition is TSE, .*Q258970/);
  assert.match(refuse({ hotfixedShare: 0.5, servicePack: "3" })!, /^hotfixedShare is 0\.5; no server .* not 3 \(Q22/);
  assert.equal(refuse({ hotfixedShare: 0.5, sp3Share: 0.5 }), undefined, "some can have it");
  assert.match(refuse({ sp3Share: 0.75, sp5Share: 0.5 })!, /sp3Share \+ sp5Share \+ sp6Share is 1\.25;/);
});
