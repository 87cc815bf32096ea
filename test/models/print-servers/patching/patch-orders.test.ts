/** Patch orders: what ships ends where it says, what is no order is refused, and what was done can be undone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  installationsOf,
  patchOrders,
  validatePatchOrder,
  undoOf,
  visited,
  type PatchOrder,
} from "../../../../models/print-servers/patching/patch-orders.ts";
import { hasArrived } from "../../../support/upgrade-search.ts";
import {
  freshState,
  usualReadings,
  type PatchState,
  type Step,
} from "../../../../models/print-servers/patching/patch-state.ts";

const server = freshState("NTS", "x86", "4");

/** The state after every visit. */
function after(order: PatchOrder, start = server): PatchState {
  return order.visits.reduce((state, visit) => {
    const result = visited(state, visit, usualReadings);
    assert.ok("state" in result, JSON.stringify(result));
    return result.state;
  }, start);
}

test("of the built-in orders, those that set the value in time and those with one visit keep the printers", () => {
  const ends = Object.entries(patchOrders).map(([name, order]) => {
    const end = after(order);
    return `${name}: ${hasArrived(end, usualReadings) ? "arrives" : end.visible ? "not fixed" : "lost"}`;
  });
  assert.deepEqual(ends, [
    "none: not fixed",
    "hotfix: arrives",
    "sp5: not fixed",
    "sp6: arrives",
    "sp6a: arrives",
    "key-sp6: arrives",
    "hotfix-sp6: lost",
    "hotfix-misnomer-sp6: lost",
    "hotfix-key-sp6: arrives",
    "hotfix-sp5: lost",
  ]);
});

test("an order is listed under its own name and is valid", () => {
  for (const [name, order] of Object.entries(patchOrders)) {
    assert.equal(order.name, name);
    assert.equal(validatePatchOrder(order), undefined);
  }
});

test("an invalid patch order is refused with the reason", () => {
  const good = { name: "mine", meaning: "mine", visits: [["installSp6", "reboot"]] };
  assert.equal(validatePatchOrder(good), undefined);
  assert.match(validatePatchOrder(null)!, /not an object/);
  assert.match(validatePatchOrder({ ...good, meaning: 1 })!, /no text "meaning"/);
  assert.match(validatePatchOrder({ ...good, visits: 1 })!, /no list "visits"/);
  assert.match(validatePatchOrder({ ...good, visits: [[]] })!, /visit 0 without steps/);
  assert.match(validatePatchOrder({ ...good, visits: [["installSp7", "reboot"]] })!, /"installSp7", which is none of/);
  assert.match(validatePatchOrder({ ...good, visits: [["installSp6"]] })!, /does not end with "reboot"/);
});

test("a visit is made whole or not at all, and names the refused step", () => {
  const result = visited(freshState("NTS", "x86", "3"), patchOrders.hotfix.visits[0], usualReadings);
  assert.ok("refusal" in result);
  assert.match(result.refusal, /^installHotfix: the hotfix needs Service Pack 4 or later, not 3 \(Q225095\)/);
});

test("service packs and hotfixes are counted separately, because they take different times", () => {
  assert.deepEqual(installationsOf(["backUpPrinters", "installHotfix", "reboot"]), { servicePacks: 0, hotfixes: 1 });
  const undo: Step[] = ["uninstallSp6", "reboot", "removeHotfix", "reboot"];
  assert.deepEqual(installationsOf(undo), { servicePacks: 1, hotfixes: 1 });
});

test("a reverted order is undone step by step, and the printers are back", () => {
  for (const name of ["hotfix", "sp6", "hotfix-sp6", "hotfix-key-sp6", "key-sp6"]) {
    const end = after(patchOrders[name]);
    const undo = undoOf(patchOrders[name], end, usualReadings)!;
    const result = visited(end, undo, usualReadings);
    assert.ok("state" in result, name);
    assert.deepEqual([result.state.running, result.state.visible], [server.running, true], name);
  }
  assert.deepEqual(undoOf(patchOrders["hotfix-sp6"], after(patchOrders["hotfix-sp6"]), usualReadings), [
    "uninstallSp6",
    "reboot",
    "removeHotfix",
    "reboot",
    "restorePrinters",
  ]);
});

test("earlier patches, and a Service Pack 5, are not undone", () => {
  assert.equal(undoOf(patchOrders.sp5, after(patchOrders.sp5), usualReadings), undefined);
  const hotfixed = after(patchOrders.hotfix);
  const sp6 = visited(hotfixed, patchOrders["key-sp6"].visits[0], usualReadings);
  assert.ok("state" in sp6);
  assert.deepEqual(undoOf(patchOrders["key-sp6"], sp6.state, usualReadings), ["uninstallSp6", "reboot"]);
});
